import type { TranslationBundle } from '@jupyterlab/translation';
import type { Part } from '../protocol/frames';
import type { IsOff } from '../protocol/features';
import type { IChipDefaults } from './chipdefaults';
import type { IFoundCell } from './opencells';
import type { Upload } from './upload';

/**
 * What the switches of a cell's chip are made with.
 */
export interface IOptionSetting {
  readonly trans: TranslationBundle;
  readonly defaults: IChipDefaults;
  /** Null where nothing can go up to the server. */
  readonly upload: Upload | null;
  readonly isOff: IsOff;
  /** Something was read or has failed: the chip looks again. */
  readonly onNews: () => void;
}

/**
 * Something of a cell that goes along or stays, as its chip's switch has it.
 */
export interface ICellOption {
  readonly id: string;
  readonly minor?: boolean;
  readonly needs?: 'images';
  enabled: boolean;
  /** Why it cannot go out yet. */
  readonly pending?: string | null;
  /** Why it could not be switched on. */
  readonly problem?: string | null;
  label(found: IFoundCell): string;
  /** Whether there is anything to switch. */
  isShown(found: IFoundCell): boolean;
  /** What goes along while it is on. */
  parts(found: IFoundCell): Part[];
  /** What the chip says of it while it is on. */
  notes?(found: IFoundCell): string[];
  /** It was switched on: what it knew is old. */
  reset?(): void;
  /** It was switched on, or the cell has changed while it is on. */
  refresh?(found: IFoundCell): void;
  /** The chip is gone. */
  dispose?(): void;
}
