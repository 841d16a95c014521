import type { Field } from '@rjsf/utils';
import * as React from 'react';
import type { IBudgetSettingsOptions } from './budget-settings';

/**
 * The field for the budget in the settings editor: a shell whose code is loaded when it is first
 * shown. It never calls the editor's `onChange`: nothing of it is a setting.
 */
export function createBudgetField(options: IBudgetSettingsOptions): Field {
  const Form = React.lazy(async () => {
    const { BudgetSettings } = await import('./budget-settings');
    return { default: BudgetSettings };
  });
  return function BudgetField(): JSX.Element {
    return (
      <React.Suspense
        fallback={<p role="status">{options.trans.__('Loading…')}</p>}
      >
        <Form {...options} />
      </React.Suspense>
    );
  };
}
