import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { isSameServer } from '../model/localservers';
import type { IProviderInfo } from '../protocol/frames';
import { TextButton } from './controls';
import { LocalServers } from './localservers';
import { AddProvider } from './providers-add';
import { ProviderFields } from './providers-fields';
import type { IProvidersClient } from './providers-text';
import { explain } from './providers-text';
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

/**
 * Name, address, key and headers of each provider: read from and written to the server, never to the settings.
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
