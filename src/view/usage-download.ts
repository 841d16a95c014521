/**
 * Let the browser save a text as a file.
 */
export function download(name: string, type: string, text: string): void {
  save(name, new Blob([text], { type }));
}

/**
 * Let the browser save some content as a file.
 */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  // Not at once: the browser reads it after the click.
  window.setTimeout(() => URL.revokeObjectURL(address), 0);
}
