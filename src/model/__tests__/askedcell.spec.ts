import type { Part } from '../../protocol/frames';
import { Transcript } from '../transcript';
import { stored } from './fixture';

const text: Part = { type: 'text', text: 'Why?' };
const cell = (id: string): Part => ({
  type: 'cell',
  cell_id: id,
  path: 'a.ipynb',
  source: 'x = 1',
  language: 'python'
});

/** The cell that an answer is about, by what went along with its question. */
function askedCell(...parts: Part[]) {
  const conversation = stored('c1', {});
  conversation.messages[0].parts = [...parts, text];
  const transcript = new Transcript();
  transcript.merge(conversation, () => false);
  return transcript.askedCell(conversation.messages[1].id);
}

describe('the cell that was asked about', () => {
  it('is the first that went along', () => {
    const asked = { cellId: 'a', path: 'a.ipynb', source: 'x = 1' };
    expect(askedCell(cell('a'), cell('b'))).toEqual(asked);
    expect(askedCell()).toBeNull();
  });

  it('is known by its output or error where its code stayed here', () => {
    const output: Part = { type: 'output', cell_id: 'a', text: '1' };
    const error: Part = {
      type: 'error',
      cell_id: 'a',
      ename: 'KeyError',
      evalue: "'b'"
    };
    const asked = { cellId: 'a', path: '' };
    expect(askedCell(output)).toEqual(asked);
    // What follows are the cells that define its names.
    expect(askedCell(error, cell('b'))).toEqual(asked);
  });
});
