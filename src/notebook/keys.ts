/** Keys with which one moves on a page, or leaves a button, whatever they do in a notebook. */
const PAGE_KEYS = new Set(['Enter', 'Tab']);

/**
 * Keep the keys pressed in a piece of a notebook from the notebook: there Enter starts to type,
 * Space scrolls, and single letters cut and delete cells. Shortcuts with a modifier stay
 * JupyterLab's, so that Ctrl-S saves; Escape is for `onEscape`.
 *
 * JupyterLab listens on the document before the page does, hence the listener on the window.
 *
 * @returns What ends it.
 */
export function keepKeys(node: HTMLElement, onEscape: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof Node) || !node.contains(event.target)) {
      return;
    }
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === 'Escape' && !modified) {
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    } else if (PAGE_KEYS.has(event.key) || !modified) {
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onKeyDown, true);
  return () => window.removeEventListener('keydown', onKeyDown, true);
}
