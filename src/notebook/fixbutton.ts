import type { IFixButtonOptions } from './fixrenderer';
import '../../style/fixbutton.css';

/**
 * The button that stands in an error output.
 *
 * @param output - The element of the output.
 */
export function fixButton(
  options: IFixButtonOptions,
  output: HTMLElement
): Element {
  const { icon, label, caption, onFix } = options;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'jp-gpt-Fix';
  // Drawn by the style sheet.
  button.dataset.label = label;
  button.setAttribute('aria-label', label);
  button.title = caption;
  // Else Enter on the button would be the notebook's, which then edits the cell.
  button.dataset.lmSuppressShortcuts = 'true';
  icon.element({ container: button, tag: 'span' });
  button.addEventListener('click', () => onFix(output));
  return button;
}
