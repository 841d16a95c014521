import type { Field } from '@rjsf/utils';
import * as React from 'react';
import type { IProvidersFormOptions } from './providers-form';

/**
 * The field that the settings editor shows: a shell whose code is loaded when it is first shown.
 *
 * It never calls the editor's `onChange`: nothing of it is a setting.
 */
export function createProvidersField(options: IProvidersFormOptions): Field {
  const Form = React.lazy(async () => {
    const { ProvidersForm } = await import('./providers-form');
    return { default: ProvidersForm };
  });
  return function ProvidersField(): JSX.Element {
    return (
      <React.Suspense
        fallback={<p role="status">{options.trans.__('Loading…')}</p>}
      >
        <Form {...options} />
      </React.Suspense>
    );
  };
}
