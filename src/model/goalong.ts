import type { Part } from '../protocol/frames';
import type { IAttachment } from '../tokens';

/**
 * What of some chips goes along with a prompt.
 *
 * @param images - Whether the model reads images; those for one that does not stay here, as its
 * endpoint would refuse the whole prompt for them.
 * @param own - Told of each part and its chip.
 */
export function goingAlong(
  attachments: readonly IAttachment[],
  images: boolean,
  own: (part: Part, attachmentId: string) => void
): Part[] {
  const named = new Set<string>();
  return attachments
    .filter(attachment => attachment.available)
    .flatMap(attachment =>
      attachment.parts().filter(part => {
        const name = nameOf(part);
        if (
          (part.type === 'image' && !images) ||
          (name !== null && named.has(name))
        ) {
          return false;
        }
        if (name !== null) {
          named.add(name);
        }
        own(part, attachment.id);
        return true;
      })
    );
}

/**
 * What a part is, where two of it say the same: the cells above one cell may be a chip of their
 * own. Lines of a cell are not the cell.
 */
function nameOf(part: Part): string | null {
  switch (part.type) {
    case 'cell':
      return `cell ${part.path} ${part.cell_id} ${part.from_line ?? ''}-${part.to_line ?? ''}`;
    case 'variable':
      return `variable ${part.name} ${part.summary}`;
    case 'image':
      return `image ${part.blob}`;
    case 'file':
    case 'notebook':
      return `${part.type} ${part.path}`;
    default:
      return null;
  }
}
