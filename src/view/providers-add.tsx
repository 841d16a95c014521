import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IProviderInfo } from '../protocol/frames';
import { TextButton } from './controls';
import { knownProviders } from './providers-known';
import type { IProvidersClient } from './providers-text';
import { explain } from './providers-text';

/** The kind that is chosen at first: not OpenAI, which is most people's first provider already. */
const FIRST = 1;

interface IAddProviderProps {
  readonly client: () => Promise<IProvidersClient>;
  readonly trans: TranslationBundle;
  readonly onAdded: (provider: IProviderInfo) => Promise<void>;
}

/**
 * A button, and under it the fields of one more provider: its kind fills in the address.
 */
export function AddProvider(props: IAddProviderProps): JSX.Element {
  const { trans } = props;
  const [open, setOpen] = React.useState(false);
  const place = React.useRef<HTMLDivElement>(null);
  const cancelled = React.useRef(false);
  React.useEffect(() => {
    if (!open && cancelled.current) {
      cancelled.current = false;
      place.current?.querySelector('button')?.focus();
    }
  }, [open]);
  return (
    <div className="jp-gpt-Providers-add" ref={place}>
      {open ? (
        <NewProvider
          {...props}
          onAdded={async provider => {
            setOpen(false);
            await props.onAdded(provider);
          }}
          onCancel={() => {
            cancelled.current = true;
            setOpen(false);
          }}
        />
      ) : (
        <TextButton onClick={() => setOpen(true)}>
          {trans.__('Add a provider')}
        </TextButton>
      )}
    </div>
  );
}

/** The fields. */
function NewProvider(
  props: IAddProviderProps & { readonly onCancel: () => void }
): JSX.Element {
  const { trans } = props;
  const id = React.useId();
  const known = React.useMemo(() => knownProviders(trans), [trans]);
  const last = known.length - 1;
  const [kind, setKind] = React.useState(FIRST);
  const [name, setName] = React.useState(known[FIRST].name);
  const [address, setAddress] = React.useState(known[FIRST].baseUrl);
  const [busy, setBusy] = React.useState(false);
  const [problem, setProblem] = React.useState('');

  const choose = (index: number): void => {
    setKind(index);
    setName(index === last ? '' : known[index].name);
    setAddress(known[index].baseUrl);
    setProblem('');
  };
  const add = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      const provider = { name: name.trim(), base_url: address.trim() };
      const made = await (await props.client()).createProvider(provider);
      await props.onAdded(made);
    } catch (reason) {
      setBusy(false);
      setProblem(explain(reason, trans));
    }
  };
  let off = busy ? trans.__('Adding…') : null;
  if (!name.trim() || !address.trim()) {
    off = trans.__('Enter a name and an address first.');
  }
  return (
    // Not a form: the settings editor is one, and Enter would send that.
    <div
      onKeyDown={event => {
        const inField = event.target instanceof HTMLInputElement;
        if (event.key === 'Enter' && inField) {
          event.preventDefault();
          if (off === null) {
            void add();
          }
        } else if (event.key === 'Escape') {
          props.onCancel();
        }
      }}
    >
      <fieldset className="jp-gpt-Provider">
        <legend>{trans.__('Add a provider')}</legend>
        <label htmlFor={`${id}-kind`}>{trans.__('Kind')}</label>
        <HTMLSelect
          id={`${id}-kind`}
          autoFocus
          value={kind}
          onChange={event => choose(Number(event.target.value))}
        >
          {known.map((one, index) => (
            <option key={one.name} value={index}>
              {one.name}
            </option>
          ))}
        </HTMLSelect>
        <label htmlFor={`${id}-name`}>{trans.__('Name')}</label>
        <input
          id={`${id}-name`}
          className="jp-mod-styled"
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <label htmlFor={`${id}-url`}>{trans.__('Base URL')}</label>
        <input
          id={`${id}-url`}
          className="jp-mod-styled"
          type="text"
          inputMode="url"
          spellCheck={false}
          value={address}
          onChange={event => setAddress(event.target.value)}
        />
        <div className="jp-gpt-Provider-buttons">
          <TextButton look="primary" off={off} onClick={() => void add()}>
            {trans.__('Add')}
          </TextButton>
          <TextButton onClick={props.onCancel}>{trans.__('Cancel')}</TextButton>
        </div>
        <p role="alert" className="jp-gpt-Provider-outcome jp-gpt-mod-failed">
          {problem}
        </p>
      </fieldset>
    </div>
  );
}
