/**
 * The commands of the extension and their arguments.
 */
export namespace CommandIDs {
  /** Show the panel and put the caret into the prompt box. */
  export const open = 'jupyterlab-gpt:open';
  /** Open the panel with the cell as a chip; sends nothing. */
  export const askAboutCell = 'jupyterlab-gpt:ask-about-cell';
  /** Ask for an explanation of the cell; sends at once. */
  export const explainCell = 'jupyterlab-gpt:explain-cell';
  /** Ask for a correction of the failed cell; sends at once. */
  export const fixError = 'jupyterlab-gpt:fix-error';
  /** Open the panel with the file in the editor, or its selected lines, as a chip. */
  export const askAboutFile = 'jupyterlab-gpt:ask-about-file';
  /** Put a code block, or a whole answer, into the notebook. */
  export const insertAnswer = 'jupyterlab-gpt:insert-answer';
  /** Take the last insert back, as long as the new cells are untouched. */
  export const undoInsert = 'jupyterlab-gpt:undo-insert';
  /** Stop the answer that is being written. */
  export const stop = 'jupyterlab-gpt:stop';
  /** Start a new conversation. */
  export const newConversation = 'jupyterlab-gpt:new-conversation';
  /** Show the list of conversations. */
  export const conversations = 'jupyterlab-gpt:conversations';
  /** Open the settings editor at our page. */
  export const settings = 'jupyterlab-gpt:settings';
  /** Move the panel to the main area, or back to the sidebar. */
  export const togglePlace = 'jupyterlab-gpt:toggle-place';
  /** Show what would be sent. */
  export const preview = 'jupyterlab-gpt:preview';
  /** Open the usage view. */
  export const usage = 'jupyterlab-gpt:usage';
  /** Export the conversation. */
  export const exportConversation = 'jupyterlab-gpt:export';
}

/**
 * Arguments of the commands on a cell; without them the active cell is meant.
 */
export interface ICellArgs {
  /** Id of the cell. */
  cellId?: string;
  /** Path of its notebook. */
  path?: string;
  /** Set by the context menu: the cell that was clicked is meant. */
  clicked?: boolean;
}
