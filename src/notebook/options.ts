import { shownLanguage } from '../protocol/language';
import { cellPart, cellsAbove } from './cellparts';
import { findDefinitions, MAX_DEFINITIONS } from './definitions';
import type { IFoundCell } from './opencells';
import { hasError, isCode } from './opencells';
import { OutputImages } from './outputimages';
import { UsedVariables } from './usedvariables';
import type { ICellOption, IOptionSetting } from './option';
import {
  cellError,
  hasOutput,
  OUTPUT_LINES,
  outputText,
  TRACEBACK_LINES
} from './outputs';

/**
 * Cells above that go along at most, the nearest: 100 cells of 10 KB are the frame's 1 MiB, and
 * who wants more wants the whole notebook, which is sent once and then only by its changes.
 */
const MAX_ABOVE = 100;

/**
 * The error of a failed cell.
 */
export function errorOption({ defaults, trans }: IOptionSetting): ICellOption {
  return {
    id: 'error',
    enabled: defaults.error,
    label: () => trans.__('Error'),
    isShown: ({ model }) => hasError(model),
    parts: ({ model, ref }) => {
      const error = cellError(model);
      return error
        ? [
            {
              type: 'error',
              cell_id: ref.cellId,
              ename: error.ename,
              evalue: error.evalue,
              traceback: error.traceback.text
            }
          ]
        : [];
    },
    notes: ({ model }) => {
      const traceback = cellError(model)?.traceback;
      return traceback?.cut
        ? [
            trans.__(
              'traceback: first %1 and last %1 of %2 lines',
              TRACEBACK_LINES,
              traceback.lines.toLocaleString(shownLanguage())
            )
          ]
        : [];
    }
  };
}

/**
 * The text of the outputs.
 */
export function outputOption({ defaults, trans }: IOptionSetting): ICellOption {
  return {
    id: 'output',
    enabled: defaults.output,
    label: () => trans.__('Output'),
    isShown: ({ model }) => hasOutput(model),
    parts: ({ model, ref }) => {
      const { text } = outputText(model);
      return text ? [{ type: 'output', cell_id: ref.cellId, text }] : [];
    },
    notes: ({ model }) => {
      const output = outputText(model);
      return output.cut
        ? [
            trans.__(
              'output: first %1 and last %1 of %2 lines',
              OUTPUT_LINES,
              output.lines.toLocaleString(shownLanguage())
            )
          ]
        : [];
    }
  };
}

/** The cells that define what a cell uses. */
function definitionsOption(
  { defaults, trans }: IOptionSetting,
  first: IFoundCell | null
): ICellOption {
  return {
    id: 'definitions',
    minor: true,
    // Who asks about an error asks about what led to it.
    enabled: defaults.error && first !== null && hasError(first.model),
    label: () => trans.__('Definitions'),
    isShown: found =>
      isCode(found.model) && findDefinitions(found).cells.length > 0,
    parts: found =>
      findDefinitions(found).cells.map(cell => cellPart(cell, trans)),
    notes: found => {
      const { cells, all } = findDefinitions(found);
      return [
        all > cells.length
          ? trans.__('nearest %1 of %2 definitions', MAX_DEFINITIONS, all)
          : trans._n('%1 definition', '%1 definitions', all, all)
      ];
    }
  };
}

/** All cells above. */
function aboveOption({ trans }: IOptionSetting): ICellOption {
  return {
    id: 'above',
    minor: true,
    enabled: false,
    label: () => trans.__('Cells above'),
    isShown: found => cellsAbove(found, 1).all > 0,
    parts: found =>
      cellsAbove(found, MAX_ABOVE).cells.map(cell => cellPart(cell, trans)),
    notes: found => {
      const { all } = cellsAbove(found, MAX_ABOVE);
      return [
        all > MAX_ABOVE
          ? trans.__('nearest %1 of %2 cells above', MAX_ABOVE, all)
          : trans._n('%1 cell above', '%1 cells above', all, all)
      ];
    }
  };
}

/**
 * What of a cell, beside its source, can go along.
 *
 * @param first - The cell as it was when its chip was made.
 */
export function cellOptions(
  setting: IOptionSetting,
  first: IFoundCell | null
): ICellOption[] {
  return [
    errorOption(setting),
    outputOption(setting),
    ...(setting.upload ? [new OutputImages(setting, setting.upload)] : []),
    definitionsOption(setting, first),
    new UsedVariables(setting),
    aboveOption(setting)
  ];
}
