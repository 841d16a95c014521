import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import type { IInsertBlock, IInsertResult } from '../tokens';
import { cleanBlocks } from './clean';
import type { UndoManager } from './undo';
import { asOneStep } from './undo';

/**
 * A text that is in front in a notebook's place: a file in its editor, or a console's prompt.
 */
export interface IFrontText {
  readonly kind: 'editor' | 'console';
  /** The file's name, or the console's. */
  readonly name: string;
  readonly editor: CodeEditor.IEditor;
  readonly readOnly: boolean;
  /** Bring it to the front, ready to type in. */
  focus(): void;
}

/**
 * What is in front.
 */
export interface IFront {
  /** Null where it is a notebook, or nothing that takes code. */
  readonly text: IFrontText | null;
  readonly changed: ISignal<IFront, void>;
}

/**
 * Put code into a text: at the cursor, or in the place of what is selected. One undo step; the
 * cursor comes after it; nothing runs.
 */
export async function insertText(
  text: IFrontText,
  replace: boolean,
  blocks: readonly IInsertBlock[],
  trans: TranslationBundle
): Promise<IInsertResult> {
  const refuse = (reason: string) => ({ inserted: false, reason });
  if (text.readOnly) {
    return refuse(
      trans.__(
        '%1 is read-only. Save a copy of it, or copy the code.',
        text.name
      )
    );
  }
  if (replace && selected(text.editor).empty) {
    return refuse(
      trans.__('Nothing is selected in %1. Select what to replace.', text.name)
    );
  }
  const clean = await cleanBlocks(blocks, trans);
  if (clean === null) {
    return { inserted: false, cancelled: true };
  }
  const source = clean.map(block => block.source).join('\n\n');
  if (!source) {
    return refuse(trans.__('There is nothing to insert.'));
  }
  if (text.editor.isDisposed) {
    return refuse(trans.__('%1 was closed. Open it again.', text.name));
  }
  write(text.editor, source, replace);
  text.focus();
  return { inserted: true };
}

/** The selection as offsets, whichever way it was made. */
function selected(editor: CodeEditor.IEditor): {
  readonly from: number;
  readonly to: number;
  readonly empty: boolean;
} {
  const { start, end } = editor.getSelection();
  const offsets = [editor.getOffsetAt(start), editor.getOffsetAt(end)];
  const [from, to] = [Math.min(...offsets), Math.max(...offsets)];
  return { from, to, empty: from === to };
}

function write(
  editor: CodeEditor.IEditor,
  source: string,
  replace: boolean
): void {
  const { from, to } = selected(editor);
  const shared = editor.model.sharedModel as typeof editor.model.sharedModel & {
    readonly undoManager?: UndoManager | null;
  };
  const at = replace ? from : to;
  const text = indented(source, shared.getSource().slice(0, at));
  asOneStep(shared.undoManager ?? null, () => {
    shared.updateSource(at, to, text);
  });
  const end = editor.getPositionAt(at + text.length);
  if (end) {
    editor.setCursorPosition(end);
    editor.revealPosition(end);
  }
}

/** Where only blanks stand before it in its line, they stand before all its lines. */
function indented(source: string, before: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return line && !line.trim()
    ? source.replace(/\n(?=[^\n])/g, `\n${line}`)
    : source;
}
