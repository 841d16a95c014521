import { Clipboard } from '@jupyterlab/apputils';

/**
 * Copy a text. Browsers give the clipboard's interface to pages served by https or from this
 * computer only; elsewhere JupyterLab's way through a selection still works.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    Clipboard.copyToSystem(text);
  }
}
