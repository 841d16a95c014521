/**
 * The language that JupyterLab is shown in, for dates and numbers: the browser's own may be
 * another. Undefined, which means the browser's, where the page names none.
 */
export function shownLanguage(): string | undefined {
  return document.documentElement.lang || undefined;
}

/** Letters of the scripts that are written from the right: Hebrew, Arabic and their kin. */
const FROM_RIGHT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/**
 * The direction of a text field, by its first letters. The browser's own `dir="auto"` lays a prompt
 * of 2 MB out again and again: 40 s.
 */
export function directionOf(text: string): 'rtl' | 'ltr' {
  return FROM_RIGHT.test(text.slice(0, 200)) ? 'rtl' : 'ltr';
}
