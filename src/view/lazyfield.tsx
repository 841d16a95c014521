import type { TranslationBundle } from '@jupyterlab/translation';
import type { Field } from '@rjsf/utils';
import * as React from 'react';

/**
 * A field of the settings editor: a shell whose code is loaded when it is first shown.
 *
 * It never calls the editor's `onChange`: what our fields show is kept by the server, and nothing
 * of it is a setting.
 *
 * @param load - Loads the field's content.
 * @param options - What the content is made with.
 */
export function lazyField<T extends { readonly trans: TranslationBundle }>(
  load: () => Promise<(options: T) => JSX.Element>,
  options: T
): Field {
  const Content = React.lazy(async () => {
    const content = await load();
    return { default: () => content(options) };
  });
  return function LazyField(): JSX.Element {
    return (
      <React.Suspense
        fallback={<p role="status">{options.trans.__('Loading…')}</p>}
      >
        <Content />
      </React.Suspense>
    );
  };
}
