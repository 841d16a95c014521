import type { Language } from '@codemirror/language';
import { language, syntaxHighlighting } from '@codemirror/language';
import { getChunks, getOriginalDoc, unifiedMergeView } from '@codemirror/merge';
import type { Extension, Text } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import {
  CodeMirrorEditor,
  jupyterHighlightStyle,
  jupyterTheme
} from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * Lines from which on unchanged ones are folded: about two screens of a laptop, which is as far as
 * one looks for a change without help.
 */
const FOLD_FROM = 60;

/** Unchanged lines that stay in sight around a change: what a unified diff shows too. */
const CONTEXT_LINES = 3;

/** How many lines a change adds and takes away. */
export interface IDiffSize {
  readonly added: number;
  readonly removed: number;
}

/**
 * The lines of a text as they are and as they would be, one above the other; to read only.
 *
 * It is an editor of its own: the cell's one, and with it the document, knows nothing of it.
 */
export class DiffEditor {
  /**
   * @param node - Where it is drawn.
   * @param trans - For the text of a fold.
   */
  constructor(node: HTMLElement, trans: TranslationBundle) {
    this._trans = trans;
    this._view = new EditorView({ parent: node });
  }

  /** Whether unchanged lines are folded away. */
  get isFolded(): boolean {
    return this._folded;
  }

  /**
   * Show a change.
   *
   * @param like - An editor of the same language, whose colours are taken over.
   */
  show(
    from: string,
    to: string,
    like: CodeEditor.IEditor | null,
    unfold: boolean
  ): IDiffSize {
    const lines = to.split('\n').length;
    this._folded = !unfold && lines > FOLD_FROM;
    this._view.setState(
      EditorState.create({
        doc: to,
        extensions: [
          languageOf(like) ?? [],
          this._extensions(),
          unifiedMergeView({
            original: from,
            mergeControls: false,
            gutter: false,
            ...(this._folded && {
              collapseUnchanged: { margin: CONTEXT_LINES, minSize: 6 }
            })
          })
        ]
      })
    );
    return this._size();
  }

  /** Measure again: the node was out of the page. */
  measure(): void {
    this._view.requestMeasure();
  }

  dispose(): void {
    this._view.destroy();
  }

  private _extensions(): Extension {
    return [
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-label': this._trans.__('Lines before and after the change')
      }),
      EditorState.phrases.of({
        '$ unchanged lines': this._trans.__('$ unchanged lines')
      }),
      jupyterTheme,
      syntaxHighlighting(jupyterHighlightStyle)
    ];
  }

  private _size(): IDiffSize {
    const { state } = this._view;
    const before = getOriginalDoc(state);
    let added = 0;
    let removed = 0;
    for (const chunk of getChunks(state)?.chunks ?? []) {
      added += lineCount(state.doc, chunk.fromB, chunk.toB);
      removed += lineCount(before, chunk.fromA, chunk.toA);
    }
    return { added, removed };
  }

  private _folded = false;
  private readonly _trans: TranslationBundle;
  private readonly _view: EditorView;
}

/** The lines of a piece of a text whose end is the beginning of the next line. */
function lineCount(doc: Text, from: number, to: number): number {
  if (from === to || doc.length === 0) {
    return 0;
  }
  const last = doc.lineAt(Math.min(to - 1, doc.length)).number;
  return last - doc.lineAt(Math.min(from, doc.length)).number + 1;
}

function languageOf(like: CodeEditor.IEditor | null): Language | null {
  return like instanceof CodeMirrorEditor
    ? like.editor.state.facet(language)
    : null;
}
