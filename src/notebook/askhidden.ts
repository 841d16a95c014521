import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { IInsertBlock } from '../tokens';
import type { IHidden } from './hidden';
import { findHidden, withoutHidden } from './hidden';

/** Kinds of character named at most: more say nothing more. */
const MOST_NAMED = 8;

/** The characters that do the most harm, by their names in Unicode. */
function names(trans: TranslationBundle): { readonly [code: number]: string } {
  return {
    0x00ad: trans.__('soft hyphen'),
    0x061c: trans.__('Arabic letter mark'),
    0x200b: trans.__('zero-width space'),
    0x200c: trans.__('zero-width non-joiner'),
    0x200d: trans.__('zero-width joiner'),
    0x200e: trans.__('left-to-right mark'),
    0x200f: trans.__('right-to-left mark'),
    0x202a: trans.__('left-to-right embedding'),
    0x202b: trans.__('right-to-left embedding'),
    0x202c: trans.__('end of a direction'),
    0x202d: trans.__('left-to-right override'),
    0x202e: trans.__('right-to-left override'),
    0x2060: trans.__('word joiner'),
    0x2066: trans.__('left-to-right isolate'),
    0x2067: trans.__('right-to-left isolate'),
    0x2068: trans.__('first strong isolate'),
    0x2069: trans.__('end of an isolate'),
    0xfeff: trans.__('byte order mark')
  };
}

function nameOf(hidden: IHidden, trans: TranslationBundle): string {
  if (hidden.kind === 'tag') {
    return trans.__('tag characters, which can carry a hidden text');
  }
  const known = names(trans)[hidden.code];
  const code = `U+${hidden.code.toString(16).toUpperCase().padStart(4, '0')}`;
  return known
    ? `${known} (${code})`
    : trans.__('invisible character (%1)', code);
}

/**
 * Which hidden characters there are, and how many of each, a line for each.
 */
export function hiddenLines(
  found: readonly IHidden[],
  trans: TranslationBundle
): string[] {
  const lines = found
    .slice(0, MOST_NAMED)
    .map(hidden => `${hidden.count} × ${nameOf(hidden, trans)}`);
  const more = found.length - lines.length;
  return more > 0
    ? [
        ...lines,
        trans._n('and %1 other kind', 'and %1 other kinds', more, more)
      ]
    : lines;
}

function body(found: readonly IHidden[], trans: TranslationBundle): Widget {
  const widget = new Widget();
  const text = document.createElement('p');
  text.textContent = trans.__(
    'The answer holds characters that cannot be seen. They can make code look other than what it does.'
  );
  const list = document.createElement('ul');
  for (const line of hiddenLines(found, trans)) {
    list.appendChild(document.createElement('li')).textContent = line;
  }
  widget.node.append(text, list);
  return widget;
}

/**
 * The blocks to insert: as they are where nothing hides in them, else as the user says.
 *
 * @returns null where the user would rather not.
 */
export async function askHidden(
  blocks: readonly IInsertBlock[],
  trans: TranslationBundle
): Promise<readonly IInsertBlock[] | null> {
  const found = findHidden(blocks.map(block => block.source));
  if (!found.length) {
    return blocks;
  }
  const without = trans.__('Insert without them');
  const asItIs = trans.__('Insert as it is');
  const result = await showDialog({
    title: trans.__('Hidden characters'),
    body: body(found, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: asItIs }),
      Dialog.okButton({ label: without })
    ],
    defaultButton: 2
  });
  switch (result.button.label) {
    case without:
      return blocks.map(block => ({
        ...block,
        source: withoutHidden(block.source)
      }));
    case asItIs:
      return blocks;
    default:
      return null;
  }
}
