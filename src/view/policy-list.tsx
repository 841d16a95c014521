import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IPolicy, IStatusInfo } from '../protocol/frames';
import { Pending } from './budget-settings';
import { explain } from './providers-text';
import { usd } from './usage-format';

/** What the list needs. */
export interface IPolicyListOptions {
  readonly client: () => Promise<{ status(): Promise<IStatusInfo> }>;
  readonly trans: TranslationBundle;
}

/**
 * What the administrator set, to be read: each thing with its value.
 */
export function PolicyList(props: IPolicyListOptions): JSX.Element {
  const { client, trans } = props;
  const [policy, setPolicy] = React.useState<IPolicy | null>(null);
  const [problem, setProblem] = React.useState('');
  const load = React.useCallback(async (): Promise<void> => {
    try {
      setPolicy((await (await client()).status()).policy);
      setProblem('');
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
  }, [client, trans]);
  React.useEffect(() => {
    void load();
  }, [load]);
  if (policy === null) {
    return <Pending problem={problem} onRetry={load} trans={trans} />;
  }
  const rows = rowsOf(policy, trans);
  return (
    <fieldset className="jp-gpt-Fields jp-gpt-Policy">
      <legend>{trans.__('Set by your administrator')}</legend>
      {rows.length === 0 && <p>{trans.__('Nothing.')}</p>}
      <dl>
        {rows.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
    </fieldset>
  );
}

/** Name and value of each thing, in the words of the settings. */
function rowsOf(policy: IPolicy, trans: TranslationBundle): [string, string][] {
  const set = new Set(policy.set_by_administrator);
  const features = policy.disabled_features.map(name =>
    featureName(name, trans)
  );
  const days = policy.retention_days;
  const turns = policy.turns_per_minute;
  const all: [string, string, string][] = [
    [
      'locked',
      trans.__('Provider and key'),
      trans.__('Cannot be changed by users.')
    ],
    ['base_url', trans.__('Base URL'), trans.__('Set, see Provider above.')],
    ['model', trans.__('Default model'), trans.__('Set for that address.')],
    [
      'allowed_models',
      trans.__('Allowed models'),
      policy.allowed_models.join(', ')
    ],
    [
      'allowed_base_urls',
      trans.__('Allowed addresses'),
      policy.allowed_base_urls.join(', ')
    ],
    ['system_prompt', trans.__('System prompt, first'), policy.system_prompt],
    [
      'monthly_cap_usd',
      trans.__('Limit for a month'),
      policy.monthly_cap_usd === null ? '' : usd(policy.monthly_cap_usd)
    ],
    ['prices', trans.__('Prices'), trans.__('Set for that address.')],
    ['disabled_features', trans.__('Switched off'), features.join(', ')],
    [
      'local_servers',
      trans.__('Local servers are looked for at'),
      policy.local_servers.join(', ') || trans.__('No address')
    ],
    [
      'retention_days',
      trans.__('Conversations are deleted'),
      trans._n(
        '%1 day after their last change',
        '%1 days after their last change',
        days,
        days
      )
    ],
    [
      'turns_per_minute',
      trans.__('Questions in a minute'),
      turns === 0 ? trans.__('No limit') : String(turns)
    ]
  ];
  return all
    .filter(([name]) => set.has(name))
    .map(([, name, value]): [string, string] => [name, value]);
}

/** A feature's name as users know it. */
function featureName(name: string, trans: TranslationBundle): string {
  switch (name) {
    case 'export':
      return trans.__('exports');
    case 'files':
      return trans.__('files');
    case 'images':
      return trans.__('images');
    case 'local':
      return trans.__('the built-in model');
    case 'magics':
      return trans.__('%gpt in cells');
    case 'variables':
      return trans.__('variables');
    default:
      return name;
  }
}
