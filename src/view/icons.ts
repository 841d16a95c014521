import { LabIcon } from '@jupyterlab/ui-components';
import { line } from '../icons';

export { newConversationIcon, stopIcon } from '../icons';

/** The sign before an answer. */
export const sparkIcon = new LabIcon({
  name: 'jupyterlab-gpt:spark',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g fill="currentColor">' +
    '<path d="M10.5 3c.9 5.3 3.2 7.6 8.5 8.5-5.3.9-7.6 3.2-8.5 8.5-.9-5.3-3.2-7.6-8.5-8.5 5.3-.9 7.6-3.2 8.5-8.5z"/>' +
    '<path d="M19 2.5c.3 1.7 1 2.4 2.7 2.7-1.7.3-2.4 1-2.7 2.7-.3-1.7-1-2.4-2.7-2.7 1.7-.3 2.4-1 2.7-2.7z"/></g></svg>'
});

export const sendIcon = line(
  'send',
  '<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>'
);

export const plusIcon = line('plus', '<path d="M12 5v14M5 12h14"/>');

export const historyIcon = line(
  'history',
  '<path d="M4.2 9A8.3 8.3 0 1 1 3.7 13"/><path d="M3.6 4.6 4.1 9l4.4-.5"/><path d="M12 7.5V12l3 2"/>'
);

export const settingsIcon = line(
  'settings',
  '<path d="M4 7h9M18 7h2M4 17h2M11 17h9"/><circle cx="15.5" cy="7" r="2.5"/><circle cx="8.5" cy="17" r="2.5"/>'
);

export const starIcon = line(
  'star',
  '<path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z"/>'
);

export const tuneIcon = line(
  'tune',
  '<path d="M5.2 18.5a9 9 0 1 1 13.6 0"/><path d="M12 13.5 16 8.5"/><circle cx="12" cy="13.5" r="1.2"/>'
);

export const backIcon = line(
  'back',
  '<path d="M19 12H5M11 5.5 4.5 12l6.5 6.5"/>'
);

export const downIcon = line(
  'down',
  '<path d="M12 5v14M5.5 12.5 12 19l6.5-6.5"/>'
);

export const chevronIcon = line(
  'chevron',
  '<path d="m6.5 9.5 5.5 5.5 5.5-5.5"/>'
);

export const closeIcon = line('close', '<path d="M6 6l12 12M18 6 6 18"/>');

export const checkIcon = line('check', '<path d="m5 12.5 4.5 4.5L19 7.5"/>');

export const copyIcon = line(
  'copy',
  '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M5.5 15A1.5 1.5 0 0 1 4 13.5v-7A2.5 2.5 0 0 1 6.5 4h7A1.5 1.5 0 0 1 15 5.5"/>'
);

export const insertBelowIcon = line(
  'insert-below',
  '<rect x="4" y="3.5" width="16" height="6.5" rx="1.75"/><path d="M12 13.5v7M8.5 17.5l3.5 3.5 3.5-3.5"/>'
);

export const insertAboveIcon = line(
  'insert-above',
  '<rect x="4" y="14" width="16" height="6.5" rx="1.75"/><path d="M12 10.5v-7M8.5 6.5 12 3l3.5 3.5"/>'
);

export const replaceIcon = line(
  'replace',
  '<path d="M4 9.5h14.5M15 6l3.5 3.5L15 13" transform="translate(1 -2)"/><path d="M20 16.5H5.5M9 13l-3.5 3.5L9 20" transform="translate(-1 0)"/>'
);

export const cellsIcon = line(
  'cells',
  '<rect x="4" y="3.5" width="16" height="5.5" rx="1.75"/><rect x="4" y="12" width="9" height="8.5" rx="1.75"/><path d="M18 13v6M15.5 17l2.5 2.5 2.5-2.5"/>'
);

export const cellIcon = line(
  'cell',
  '<path d="m8.5 8-4.5 4 4.5 4M15.5 8l4.5 4-4.5 4"/>'
);

export const notebookIcon = line(
  'notebook',
  '<rect x="5" y="3.5" width="15" height="17" rx="2.5"/><path d="M9.5 3.5v17M13 8.5h3.5M3 8h3M3 12h3M3 16h3"/>'
);

export const fileIcon = line(
  'file',
  '<path d="M13.5 3.5h-6a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-10zM13.5 3.5v5h5M9 13h6M9 16.5h4"/>'
);

export const imageIcon = line(
  'image',
  '<rect x="4" y="4.5" width="16" height="15" rx="2.25"/><circle cx="9" cy="9.8" r="1.5"/><path d="m4.5 17.5 4.8-4.3 3 2.6 3-3.3 4.5 4.5"/>'
);

export const variableIcon = line(
  'variable',
  '<path d="M7.5 4.5C4.5 9 4.5 15 7.5 19.5M16.5 4.5c3 4.5 3 10.5 0 15M9.5 9.5l5 5.5M14.5 9.5l-5 5.5"/>'
);

export const errorIcon = line(
  'error',
  '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.8v4.7M12 16v.2"/>'
);

export const offlineIcon = line(
  'offline',
  '<path d="M3.5 9.5A13 13 0 0 1 9 6.6M15 6.6a13 13 0 0 1 5.5 2.9M7 13.5a7.5 7.5 0 0 1 3-1.7M14 11.8a7.5 7.5 0 0 1 3 1.7M12 18v.2M4 3.5l16 17"/>'
);

export const diskIcon = line(
  'disk',
  '<ellipse cx="12" cy="6" rx="7.5" ry="2.8"/><path d="M4.5 6v12c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8V6M4.5 12c0 1.5 3.4 2.8 7.5 2.8s7.5-1.3 7.5-2.8"/>'
);

export const keyIcon = line(
  'key',
  '<circle cx="8" cy="15.5" r="4.3"/><path d="M11.2 12.4 20 3.6M16 7.6l3 3"/>'
);

export const chipIcon = line(
  'chip',
  '<rect x="6" y="6" width="12" height="12" rx="2.5"/><path d="M9.5 2.8V6M14.5 2.8V6M9.5 18v3.2M14.5 18v3.2M2.8 9.5H6M2.8 14.5H6M18 9.5h3.2M18 14.5h3.2"/>'
);

export const serverIcon = line(
  'server',
  '<rect x="3.8" y="4.2" width="16.4" height="6.6" rx="2"/><rect x="3.8" y="13.2" width="16.4" height="6.6" rx="2"/><path d="M7.4 7.5h.01M7.4 16.5h.01M11 7.5h5.5M11 16.5h5.5"/>'
);

export const downloadIcon = line(
  'download',
  '<path d="M12 3.5v11M7.5 10.5 12 15l4.5-4.5M4.5 17.5v1a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-1"/>'
);

export const searchIcon = line(
  'search',
  '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m20 20-4.7-4.7"/>'
);

export const renameIcon = line(
  'rename',
  '<path d="m4.5 19.5.8-4L15.8 5a1.9 1.9 0 0 1 2.7 0l.5.5a1.9 1.9 0 0 1 0 2.7L8.5 18.7z"/>'
);

export const pinIcon = line(
  'pin',
  '<path d="M9 3.5h6l-.8 6.5 3.3 3.5h-11L9.8 10zM12 13.5v7"/>'
);

export const deleteIcon = line(
  'delete',
  '<path d="M4.5 6.5h15M9.5 6V4.5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1V6M6.5 6.5l.8 12a2 2 0 0 0 2 2h5.4a2 2 0 0 0 2-2l.8-12"/>'
);

export const retryIcon = line(
  'retry',
  '<path d="M19.8 15A8.3 8.3 0 1 1 20.3 11"/><path d="M20.4 4.6 19.9 9l-4.4-.5" transform="translate(0 1.5)"/>'
);

export const moneyIcon = line(
  'money',
  '<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.2c-.5-1-1.5-1.5-2.8-1.5-1.6 0-2.8.8-2.8 2.1 0 2.9 5.8 1.5 5.8 4.4 0 1.3-1.3 2.1-3 2.1-1.5 0-2.6-.6-3-1.7M12 6v1.7M12 16.3V18"/>'
);

export const editIcon = renameIcon;

export const leftIcon = line('left', '<path d="M14.5 6.5 9 12l5.5 5.5"/>');

export const rightIcon = line('right', '<path d="M9.5 6.5 15 12l-5.5 5.5"/>');

export const goOnIcon = line(
  'go-on',
  '<path d="M4.5 12h14M13 6.5l5.5 5.5-5.5 5.5M4.5 5.5v13"/>'
);

export const moreIcon = line(
  'more',
  '<path stroke-width="2.8" d="M5.5 12h.01M12 12h.01M18.5 12h.01"/>'
);

export const uploadIcon = line(
  'upload',
  '<path d="M12 15V4M7.5 8 12 3.5 16.5 8M4.5 17.5v1a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-1"/>'
);
