import type { IMarker } from './lines';
import { element } from './sanitize';

/** The element of a list: an ordered one starts with its first item's number. */
export function makeList(marker?: IMarker): HTMLElement {
  const { ordered = false, start = 1 } = marker ?? {};
  const node = element(ordered ? 'ol' : 'ul');
  if (ordered && start !== 1) {
    node.setAttribute('start', String(start));
  }
  return node;
}
