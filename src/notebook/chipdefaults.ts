import type { IGPTSettings } from '../tokens';

/**
 * What a chip of a cell includes when it is made.
 */
export interface IChipDefaults {
  readonly code: boolean;
  readonly error: boolean;
  readonly output: boolean;
}

/**
 * What the settings say a chip includes.
 */
export function chipDefaults(settings: IGPTSettings | null): IChipDefaults {
  return {
    code: settings?.current.chipCode ?? true,
    error: settings?.current.chipError ?? true,
    output: settings?.current.chipOutput ?? false
  };
}
