/**
 * A region that scrolls sideways can be reached by the keyboard while, and only while, it scrolls.
 */

const names = new WeakMap<Element, string>();

let observer: ResizeObserver | null = null;

function update(node: HTMLElement): void {
  if (node.scrollWidth > node.clientWidth + 1) {
    if (!node.hasAttribute('tabindex')) {
      node.setAttribute('tabindex', '0');
      node.setAttribute('role', 'region');
      node.setAttribute('aria-label', names.get(node) ?? '');
    }
  } else if (node.hasAttribute('tabindex')) {
    node.removeAttribute('tabindex');
    node.removeAttribute('role');
    node.removeAttribute('aria-label');
  }
}

/**
 * Watch a scrollable element; the page forgets it together with the element.
 *
 * Sizes are read after layout, when an observer is called, so that reading them costs no layout.
 */
export function watchOverflow(node: HTMLElement, name: string): void {
  if (typeof ResizeObserver === 'undefined') {
    return;
  }
  names.set(node, name);
  observer ??= new ResizeObserver(entries => {
    entries.forEach(entry => update(entry.target as HTMLElement));
  });
  observer.observe(node);
}
