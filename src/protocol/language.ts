/**
 * The language that JupyterLab is shown in, for dates and numbers: the browser's own may be
 * another. Undefined, which means the browser's, where the page names none.
 */
export function shownLanguage(): string | undefined {
  return document.documentElement.lang || undefined;
}
