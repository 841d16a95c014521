import { LabIcon } from '@jupyterlab/ui-components';

/**
 * The icons that JupyterLab shows from the start; those of the panel are loaded with it
 * (`view/icons.ts`).
 *
 * The one that JupyterLab itself shows (sidebar, tab, menus, cell toolbar) is filled and carries
 * `jp-icon3`, so that themes and selected tabs colour it. Those within the panel are drawn with
 * lines in `currentColor`: they take the colour of the button that they stand in.
 */

/** Draw a 24 × 24 icon with lines. */
export function line(name: string, body: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-gpt:${name}`,
    svgstr:
      '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
      '<g fill="none" stroke="currentColor" stroke-width="2" ' +
      `stroke-linecap="round" stroke-linejoin="round">${body}</g></svg>`
  });
}

/** Draw a 24 × 24 icon with areas in the theme's icon colour. */
function area(name: string, body: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-gpt:${name}`,
    svgstr:
      '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
      `<g class="jp-icon3" fill="#616161">${body}</g></svg>`
  });
}

const STAR =
  'M12 5.6c.5 2.9 1.7 4.1 4.6 4.6-2.9.5-4.1 1.7-4.6 4.6-.5-2.9-1.7-4.1-4.6-4.6 2.9-.5 4.1-1.7 4.6-4.6z';

/** The panel's icon: a speech bubble with a spark. */
export const gptIcon = area(
  'gpt',
  '<path fill-rule="evenodd" d="M6 2.6h12A3.4 3.4 0 0 1 21.4 6v8.4a3.4 3.4 0 0 1-3.4 3.4h-5.3l-4.3 3.7c-.6.5-1.5.1-1.5-.7v-3H6A3.4 3.4 0 0 1 2.6 14.4V6A3.4 3.4 0 0 1 6 2.6zm0 1.8c-.9 0-1.6.7-1.6 1.6v8.4c0 .9.7 1.6 1.6 1.6h2.7v2.9l3.3-2.9h6c.9 0 1.6-.7 1.6-1.6V6c0-.9-.7-1.6-1.6-1.6z"/>' +
    `<path d="${STAR}"/>`
);

export const stopIcon = new LabIcon({
  name: 'jupyterlab-gpt:stop',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
    '<rect x="6" y="6" width="12" height="12" rx="2.5" fill="currentColor"/></svg>'
});

export const newConversationIcon = line(
  'new-conversation',
  '<path d="M20 12.5V17a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3h4.5"/>' +
    '<path d="m10 14 .5-3L18.2 3.3a1.75 1.75 0 0 1 2.5 2.5L13 13.5z"/>'
);
