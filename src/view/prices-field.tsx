import type { Field } from '@rjsf/utils';
import * as React from 'react';
import type { IPricesFormOptions } from './prices-form';

/**
 * The field for the prices in the settings editor: a shell whose code is loaded when it is first
 * shown. It never calls the editor's `onChange`: nothing of it is a setting.
 */
export function createPricesField(options: IPricesFormOptions): Field {
  const Form = React.lazy(async () => {
    const { PricesForm } = await import('./prices-form');
    return { default: PricesForm };
  });
  return function PricesField(): JSX.Element {
    return (
      <React.Suspense
        fallback={<p role="status">{options.trans.__('Loading…')}</p>}
      >
        <Form {...options} />
      </React.Suspense>
    );
  };
}
