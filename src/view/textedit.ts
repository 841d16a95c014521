/**
 * Replace a piece of what is written in a text box, as if it were typed: the browser's own undo
 * takes it back.
 *
 * @param caret - Where the caret goes, counted from the beginning of the new text.
 */
export function replaceText(
  box: HTMLTextAreaElement,
  start: number,
  end: number,
  text: string,
  caret = text.length
): void {
  box.focus();
  box.setSelectionRange(start, end);
  // Deprecated, and the only call that the undo of every browser knows.
  const typed = document.execCommand?.('insertText', false, text) ?? false;
  if (!typed) {
    box.setRangeText(text, start, end, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  box.setSelectionRange(start + caret, start + caret);
}
