import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { isSameServer } from '../model/localservers';
import type { IProviderInfo } from '../protocol/frames';
import { TextButton } from './controls';
import { LocalServers } from './localservers';
import { AddProvider } from './providers-add';
import type { IActions, IProviderFieldsProps } from './providers-actions';
import { useActions } from './providers-actions';
import type { IProvidersClient } from './providers-text';
import {
  explain,
  isLocked,
  isRemovable,
  keySentence,
  saveOff
} from './providers-text';
import '../../style/settings.css';

/** The id of the provider that is always there: removing it would only reset it. */
const DEFAULT = 'default';

/**
 * The options of the form.
 */
export interface IProvidersFormOptions {
  readonly client: () => Promise<IProvidersClient>;
  /** Called when address or key have changed on the server. */
  readonly onChanged: () => void;
  readonly trans: TranslationBundle;
}

/**
 * Address and key of each provider: read from and written to the server, never to the settings.
 */
export function ProvidersForm(props: IProvidersFormOptions): JSX.Element {
  const { client, onChanged, trans } = props;
  const [providers, setProviders] = React.useState<IProviderInfo[] | null>(
    null
  );
  const [addresses, setAddresses] = React.useState<readonly string[]>([]);
  const [problem, setProblem] = React.useState('');
  const list = React.useRef<HTMLDivElement>(null);
  const [added, setAdded] = React.useState<string | null>(null);
  const [drops, setDrops] = React.useState(0);

  const load = React.useCallback(async (): Promise<void> => {
    try {
      const server = await client();
      const [all, { policy }] = await Promise.all([
        server.providers(),
        server.status()
      ]);
      // An older server part does not know how to look.
      setAddresses(policy.local_servers ?? []);
      setProviders(all.filter(provider => !provider.local));
      setProblem('');
    } catch (reason) {
      setProblem(explain(reason, trans));
    }
  }, [client, trans]);

  React.useEffect(() => {
    void load();
  }, [load]);

  React.useEffect(() => {
    // The hand goes on to the key of what was added.
    list.current
      ?.querySelector<HTMLElement>(`[data-provider="${added}"] [type=password]`)
      ?.focus();
  }, [added]);

  React.useEffect(() => {
    if (drops > 0) {
      // The button that was pressed is gone; what comes next is perhaps another provider.
      list.current
        ?.querySelector<HTMLElement>(
          '.jp-gpt-Providers-add :is(select, button)'
        )
        ?.focus();
    }
  }, [drops]);

  const changed = (): Promise<void> => {
    onChanged();
    return load();
  };

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
    <div className="jp-gpt-Providers" ref={list}>
      {providers.map(provider => (
        <ProviderFields
          key={provider.id}
          provider={provider}
          client={client}
          trans={trans}
          onChanged={changed}
          onDropped={async () => {
            await changed();
            setDrops(count => count + 1);
          }}
        />
      ))}
      {providers.some(({ locked }) => !locked) && (
        <AddProvider
          client={client}
          trans={trans}
          onAdded={async ({ id }) => {
            // What was removed may be added again, under the same id.
            setAdded(null);
            await changed();
            setAdded(id);
          }}
        />
      )}
      {addresses.length > 0 && (
        <LocalServers
          look={async () => (await client()).discover()}
          isAdded={({ base_url }) =>
            providers.some(known => isSameServer(known.base_url, base_url))
          }
          onAdd={async ({ name, base_url }) => {
            await (await client()).createProvider({ name, base_url });
            await changed();
          }}
          addresses={addresses}
          verb={name => ({
            text: trans.__('Add'),
            name: trans.__('Add %1', name)
          })}
          trans={trans}
        />
      )}
    </div>
  );
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
    <fieldset className="jp-gpt-Provider" data-provider={provider.id}>
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
  const { drop, outcome, remove, save } = props.actions;
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
      {provider.id !== DEFAULT && !provider.locked && (
        <TextButton
          off={busy ? trans.__('Wait for the check to end.') : null}
          onClick={() => void drop()}
        >
          {trans.__('Remove provider')}
        </TextButton>
      )}
    </div>
  );
}
