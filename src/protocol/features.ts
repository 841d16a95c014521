import type { TranslationBundle } from '@jupyterlab/translation';

/** What an administrator can switch off, as far as the panel offers it. */
export type Feature = 'export' | 'files' | 'images' | 'variables';

/**
 * Whether the administrator has switched a feature off, as far as the server has told by now; it
 * refuses what slips through.
 */
export type IsOff = (feature: Feature) => boolean;

/** Nothing is. */
export const nothingOff: IsOff = () => false;

/**
 * The sentence that stands where the feature would be.
 */
export function switchedOff(trans: TranslationBundle, feature: string): string {
  switch (feature) {
    case 'files':
      return trans.__('Files are switched off by your administrator.');
    case 'images':
      return trans.__('Images are switched off by your administrator.');
    case 'variables':
      return trans.__('Variables are switched off by your administrator.');
    case 'export':
      return trans.__('Exports are switched off by your administrator.');
    default:
      return trans.__('This is switched off by your administrator.');
  }
}
