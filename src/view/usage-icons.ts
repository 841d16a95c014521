import { line } from '../icons';

export { downloadIcon } from './icons';

export const earlierIcon = line(
  'earlier',
  '<path d="M14.5 6.5 9 12l5.5 5.5"/>'
);

export const laterIcon = line('later', '<path d="M9.5 6.5 15 12l-5.5 5.5"/>');

export const upIcon = line('up', '<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>');
