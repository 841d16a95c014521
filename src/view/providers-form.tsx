import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ICheckRequest, IProviderInfo } from '../protocol/frames';
import { TextButton } from './controls';
import type { IProvidersClient } from './providers-text';
import {
  explain,
  isLocked,
  isRemovable,
  keySentence,
  savedSentence,
  saveOff
} from './providers-text';
import '../../style/settings.css';

/**
 * The options of the form.
 */
export interface IProvidersFormOptions {
  readonly client: () => Promise<IProvidersClient>;
  /** Called when address or key have changed on the server. */
  readonly onChanged: () => void;
  readonly trans: TranslationBundle;
}

/** What the last action came to. */
interface IOutcome {
  readonly kind: 'busy' | 'ok' | 'failed';
  readonly text: string;
  /** Whether it failed in the check, so that saving all the same makes sense. */
  readonly canForce?: boolean;
}

/**
 * Address and key of each provider: read from and written to the server, never to the settings.
 */
export function ProvidersForm(props: IProvidersFormOptions): JSX.Element {
  const { client, onChanged, trans } = props;
  const [providers, setProviders] = React.useState<IProviderInfo[] | null>(
    null
  );
  const [problem, setProblem] = React.useState('');

  const load = React.useCallback(async (): Promise<void> => {
    try {
      const all = await (await client()).providers();
      setProviders(all.filter(provider => !provider.local));
      setProblem('');
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
  }, [client, trans]);

  React.useEffect(() => {
    void load();
  }, [load]);

  if (problem) {
    return (
      <div className="jp-gpt-Providers">
        <p role="alert">{problem}</p>
        <TextButton onClick={() => void load()}>
          {trans.__('Try again')}
        </TextButton>
      </div>
    );
  }
  if (!providers) {
    return <p role="status">{trans.__('Loading…')}</p>;
  }
  return (
    <div className="jp-gpt-Providers">
      {providers.map(provider => (
        <ProviderFields
          key={provider.id}
          provider={provider}
          client={client}
          trans={trans}
          onChanged={() => {
            onChanged();
            return load();
          }}
        />
      ))}
    </div>
  );
}

interface IProviderFieldsProps {
  readonly provider: IProviderInfo;
  readonly client: () => Promise<IProvidersClient>;
  readonly trans: TranslationBundle;
  readonly onChanged: () => Promise<void>;
}

/** Address and key of one provider. */
function ProviderFields(props: IProviderFieldsProps): JSX.Element {
  const { provider, trans } = props;
  const id = React.useId();
  const [address, setAddress] = React.useState(provider.base_url);
  const [key, setKey] = React.useState('');
  const actions = useActions(props, address, key, () => setKey(''));
  const { outcome } = actions;
  const changed = address.trim() !== provider.base_url || key.trim() !== '';

  React.useEffect(() => {
    setAddress(provider.base_url);
  }, [provider.base_url]);

  return (
    <fieldset className="jp-gpt-Provider">
      <legend>{provider.name}</legend>
      {provider.locked && (
        <p className="jp-gpt-Provider-locked">
          {trans.__('Set by your administrator.')}
        </p>
      )}
      <label htmlFor={`${id}-url`}>{trans.__('Base URL')}</label>
      <input
        id={`${id}-url`}
        className="jp-mod-styled"
        type="url"
        spellCheck={false}
        readOnly={provider.locked}
        value={address}
        onChange={event => setAddress(event.target.value)}
      />
      <KeyField
        id={id}
        provider={provider}
        value={key}
        trans={trans}
        onChange={setKey}
      />
      <Buttons
        provider={provider}
        actions={actions}
        changed={changed}
        trans={trans}
      />
      <p
        role={outcome?.kind === 'failed' ? 'alert' : 'status'}
        className={`jp-gpt-Provider-outcome jp-gpt-mod-${outcome?.kind ?? 'ok'}`}
      >
        {outcome?.text}
      </p>
    </fieldset>
  );
}

/** The key: written, never read. */
function KeyField(props: {
  readonly id: string;
  readonly provider: IProviderInfo;
  readonly value: string;
  readonly trans: TranslationBundle;
  readonly onChange: (key: string) => void;
}): JSX.Element {
  const { id, provider, trans } = props;
  return (
    <>
      <label htmlFor={`${id}-key`}>{trans.__('API key')}</label>
      <input
        id={`${id}-key`}
        className="jp-mod-styled"
        type="password"
        // Browsers ignore "off" for passwords; this keeps their managers from filling one in.
        autoComplete="new-password"
        spellCheck={false}
        readOnly={isLocked(provider)}
        aria-describedby={`${id}-state`}
        placeholder={
          provider.key.set
            ? trans.__('Paste a new key to replace it')
            : trans.__('Paste a key; a local server needs none')
        }
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      />
      <p id={`${id}-state`} className="jp-gpt-Provider-key">
        {keySentence(provider.key, trans)}
      </p>
    </>
  );
}

/** Save, and where they make sense Save anyway and Remove key. */
function Buttons(props: {
  readonly provider: IProviderInfo;
  readonly actions: IActions;
  readonly changed: boolean;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { changed, provider, trans } = props;
  const { outcome, remove, save } = props.actions;
  const busy = outcome?.kind === 'busy';
  return (
    <div className="jp-gpt-Provider-buttons">
      <TextButton
        look="primary"
        off={saveOff(provider, changed, busy, trans)}
        onClick={() => void save(false)}
      >
        {trans.__('Save')}
      </TextButton>
      {outcome?.canForce && changed && (
        <TextButton onClick={() => void save(true)}>
          {trans.__('Save anyway')}
        </TextButton>
      )}
      {isRemovable(provider) && (
        <TextButton
          off={busy ? trans.__('Wait for the check to end.') : null}
          onClick={() => void remove()}
        >
          {trans.__('Remove key')}
        </TextButton>
      )}
    </div>
  );
}

interface IActions {
  readonly outcome: IOutcome | null;
  /** Check, then save; `force` saves without a check. */
  save(force: boolean): Promise<void>;
  remove(): Promise<void>;
}

/** What the buttons do, and what came of it. */
function useActions(
  props: IProviderFieldsProps,
  address: string,
  key: string,
  onSaved: () => void
): IActions {
  const { provider, trans } = props;
  const [outcome, setOutcome] = React.useState<IOutcome | null>(null);
  const attempt = async (action: () => Promise<IOutcome>): Promise<void> => {
    setOutcome({ kind: 'busy', text: trans.__('Checking…') });
    try {
      setOutcome(await action());
    } catch (reason) {
      setOutcome({ kind: 'failed', text: explain(reason, trans) });
    }
  };
  return {
    outcome,
    save: force =>
      attempt(async () => {
        const client = await props.client();
        const request: ICheckRequest = {};
        if (address.trim() !== provider.base_url) {
          request.base_url = address.trim();
        }
        if (key.trim()) {
          request.key = key;
        }
        const result = force ? null : await client.check(provider.id, request);
        if (result && !result.ok) {
          const text = explain(result.error, trans);
          return { kind: 'failed', text, canForce: true };
        }
        await store(client, provider.id, request);
        onSaved();
        await props.onChanged();
        return { kind: 'ok', text: savedSentence(result, trans) };
      }),
    remove: () =>
      attempt(async () => {
        await (await props.client()).deleteKey(provider.id);
        await props.onChanged();
        return { kind: 'ok', text: trans.__('The key is removed.') };
      })
  };
}

/** First the address: a key is bound to the host that it is saved for. */
async function store(
  client: IProvidersClient,
  id: string,
  request: ICheckRequest
): Promise<void> {
  if (request.base_url !== undefined) {
    await client.patchProvider(id, { base_url: request.base_url });
  }
  if (request.key) {
    await client.putKey(id, request.key);
  }
}
