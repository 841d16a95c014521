import type { Field } from '@rjsf/utils';
import * as React from 'react';
import type { IPolicyListOptions } from './policy-list';

/**
 * What the administrator set, in the settings editor: a shell whose code is loaded when it is
 * first shown. It never calls the editor's `onChange`: nothing of it is a setting.
 */
export function createPolicyField(options: IPolicyListOptions): Field {
  const List = React.lazy(async () => {
    const { PolicyList } = await import('./policy-list');
    return { default: PolicyList };
  });
  return function PolicyField(): JSX.Element {
    return (
      <React.Suspense
        fallback={<p role="status">{options.trans.__('Loading…')}</p>}
      >
        <List {...options} />
      </React.Suspense>
    );
  };
}
