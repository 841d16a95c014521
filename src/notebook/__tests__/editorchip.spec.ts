import { CodeEditor } from '@jupyterlab/codeeditor';
import {
  CodeMirrorEditorFactory,
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  ybinding
} from '@jupyterlab/codemirror';
import { EditorAttachment } from '../editorchip';
import { trans } from './utils';

const SOURCE = 'import math\n\ndef area(r):\n    return math.pi * r\n';

describe('the chip of a file in an editor', () => {
  let editor: CodeEditor.IEditor;
  let shown: number;

  const chip = () =>
    new EditorAttachment({
      editor,
      path: 'lib/tool.py',
      trans,
      reveal: () => {
        shown += 1;
      }
    });
  const select = (from: [number, number], to: [number, number]) =>
    editor.setSelection({
      start: { line: from[0], column: from[1] },
      end: { line: to[0], column: to[1] }
    });
  const edit = (source: string) => editor.model.sharedModel.setSource(source);

  beforeEach(() => {
    shown = 0;
    const model = new CodeEditor.Model();
    model.sharedModel.setSource(SOURCE);
    const factory = new CodeMirrorEditorFactory({
      extensions: new EditorExtensionRegistry(),
      languages: new EditorLanguageRegistry()
    });
    const host = document.createElement('div');
    document.body.append(host);
    // As the file editor does it: text and editor are one.
    const { ysource } = model.sharedModel as unknown as {
      ysource: Parameters<typeof ybinding>[0]['ytext'];
    };
    const extensions = [ybinding({ ytext: ysource })];
    editor = factory.newDocumentEditor({ host, model, extensions });
  });

  it('is the whole file, as it is when the prompt is sent', () => {
    const whole = chip();
    expect(whole.label).toBe('tool.py');
    expect(whole.note).toBe('5 lines');
    edit('x = 1');
    expect(whole.parts()).toEqual([
      { type: 'file', path: 'lib/tool.py', text: 'x = 1' }
    ]);
    whole.reveal();
    expect(shown).toBe(1);
  });

  it('is the lines that a selection touches', () => {
    select([2, 4], [3, 2]);
    const lines = chip();
    expect(lines.label).toBe('tool.py:3-4');
    expect(lines.note).toBe('2 lines');
    expect(lines.parts()).toEqual([
      {
        type: 'file',
        path: 'lib/tool.py:3-4',
        text: 'def area(r):\n    return math.pi * r'
      }
    ]);
    select([0, 0], [1, 0]);
    expect(chip().label).toBe('tool.py:1');
  });

  it('follows its lines, and says so when they have changed', async () => {
    select([2, 0], [3, 5]);
    const lines = chip();
    const changed = jest.fn();
    lines.changed.connect(changed);
    edit(`# new\n# lines\n${SOURCE}`);
    expect(lines.label).toBe('tool.py:5-6');
    lines.reveal();
    expect(editor.getSelection().start.line).toBe(4);
    edit(SOURCE.replace('math.pi', '3.14'));
    expect(lines.note).toBe('2 lines · edited since');
    expect(lines.parts()[0]).toMatchObject({
      text: 'def area(r):\n    return math.pi * r'
    });
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('of two equal places takes the nearer', () => {
    edit('a\nb\na\nb\na');
    select([2, 0], [2, 1]);
    const line = chip();
    expect(line.label).toBe('tool.py:3');
    edit('new\na\nb\na\nb\na');
    expect(line.label).toMatch(/^tool.py:[24]$/);
  });

  it('keeps its text when the editor is closed', () => {
    const whole = chip();
    editor.dispose();
    expect(whole.parts()[0]).toMatchObject({ text: SOURCE });
    whole.reveal();
    expect(shown).toBe(0);
    whole.dispose();
  });
});
