import * as React from 'react';
import type { LabIcon } from '@jupyterlab/ui-components';
import {
  cellIcon,
  fileIcon,
  imageIcon,
  notebookIcon,
  variableIcon
} from './icons';
import type { ICellPart, Part } from '../protocol/frames';
import type { ICellRef } from '../tokens';
import { usePanel } from './context';
import { Icon, TextButton } from './controls';

/** What went along with a question, one entry a source. */
interface ISent {
  readonly key: string;
  label: string;
  readonly notes: string[];
  readonly ref: ICellRef | null;
  readonly icon: LabIcon;
}

/** The last part of a path. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The words for what was sent. */
interface IWords {
  readonly cell: string;
  readonly output: string;
  readonly notebook: string;
  readonly image: string;
  lines(cell: string, from: number, to: number): string;
}

/** `In [7]`, `In [7] lines 3–5`. */
function cellName(part: ICellPart, words: IWords): string {
  const { from_line: from, to_line: to } = part;
  const name = part.label || words.cell;
  return from && to ? words.lines(name, from, to) : name;
}

/** Group the parts of a question by their source: a cell's code and its error are one chip. */
function sentContext(parts: readonly Part[], words: IWords): ISent[] {
  const cells = new Map<string, ISent>();
  const sent: ISent[] = [];
  const add = (
    key: string,
    label: string,
    ref: ICellRef | null,
    icon = cellIcon
  ): ISent => {
    const entry: ISent = { key, label, notes: [], ref, icon };
    sent.push(entry);
    return entry;
  };
  const cell = (id: string): ISent => {
    const known = cells.get(id) ?? add(`cell ${id}`, words.cell, null);
    cells.set(id, known);
    return known;
  };
  parts.forEach((part, index) => {
    const key = String(index);
    switch (part.type) {
      case 'cell': {
        const ref = { cellId: part.cell_id, path: part.path };
        cells.set(
          part.cell_id,
          add(`cell ${part.cell_id}`, cellName(part, words), ref)
        );
        break;
      }
      case 'error':
        cell(part.cell_id).notes.push(part.ename);
        break;
      case 'output':
        cell(part.cell_id).notes.push(words.output);
        break;
      case 'notebook':
        add(key, words.notebook, null, notebookIcon).notes.push(
          fileName(part.path)
        );
        break;
      case 'file':
        add(key, fileName(part.path), null, fileIcon);
        break;
      case 'variable':
        add(key, part.name, null, variableIcon).notes.push(
          ...(part.var_type ? [part.var_type] : [])
        );
        break;
      case 'image':
        add(key, words.image, null, imageIcon);
        break;
    }
  });
  return sent;
}

/**
 * The chips of a question that was sent; a click on a cell's goes to the cell.
 */
export function SentContext(props: {
  parts: readonly Part[];
}): JSX.Element | null {
  const { notebook, trans } = usePanel();
  const sent = sentContext(props.parts, {
    cell: trans.__('cell'),
    output: trans.__('output'),
    notebook: trans.__('notebook'),
    image: trans.__('image'),
    lines: (cell, from, to) =>
      from === to
        ? trans.__('%1 line %2', cell, from)
        : trans.__('%1 lines %2–%3', cell, from, to)
  });
  if (sent.length === 0) {
    return null;
  }
  return (
    <div className="jp-gpt-Chips">
      {sent.map(entry => (
        <div
          key={entry.key}
          className="jp-gpt-Chip jp-gpt-mod-sent"
          role="group"
          aria-label={trans.__('Context: %1', entry.label)}
        >
          {entry.ref && notebook ? (
            <TextButton
              look="quiet"
              small
              className="jp-gpt-Chip-label"
              icon={entry.icon}
              title={trans.__('Show %1', entry.label)}
              onClick={() => {
                const found = entry.ref && notebook.attach(entry.ref);
                found?.reveal();
                found?.dispose();
              }}
            >
              <ChipText entry={entry} />
            </TextButton>
          ) : (
            <span className="jp-gpt-Chip-label jp-gpt-mod-still">
              <Icon icon={entry.icon} />
              <ChipText entry={entry} />
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

function ChipText(props: { entry: ISent }): JSX.Element {
  return (
    <span className="jp-gpt-Chip-text">
      <span className="jp-gpt-Chip-name">{props.entry.label}</span>
      {props.entry.notes.length > 0 && (
        <span className="jp-gpt-Chip-note">
          {props.entry.notes.join(' · ')}
        </span>
      )}
    </span>
  );
}
