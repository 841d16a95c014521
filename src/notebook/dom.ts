/**
 * A button of JupyterLab's look, for what stands within a notebook.
 *
 * @param primary - Whether it is what one mostly wants.
 */
export function textButton(
  label: string,
  onClick: () => void,
  primary = false
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `jp-gpt-NotebookButton${primary ? ' jp-mod-primary' : ''}`;
  button.textContent = label;
  button.addEventListener('click', onClick);
  return button;
}
