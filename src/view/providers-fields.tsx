import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IProviderInfo } from '../protocol/frames';
import { TextButton } from './controls';
import type { IActions, IProviderFieldsProps } from './providers-actions';
import { useActions } from './providers-actions';
import { HeaderFields, NO_EDITS, headersPatch } from './providers-headers';
import { isLocked, isRemovable, keySentence, saveOff } from './providers-text';

/** The id of the provider that is always there: removing it would only reset it. */
const DEFAULT = 'default';

/**
 * Name, address, key and headers of one provider.
 */
export function ProviderFields(props: IProviderFieldsProps): JSX.Element {
  const { provider, trans } = props;
  const id = React.useId();
  const [name, setName] = React.useState(provider.name);
  const [address, setAddress] = React.useState(provider.base_url);
  const [key, setKey] = React.useState('');
  const [edits, setEdits] = React.useState(NO_EDITS);
  const draft = { name, address, key, headers: headersPatch(edits) };
  const actions = useActions(props, draft, () => {
    setKey('');
    setEdits(NO_EDITS);
  });
  const { outcome } = actions;
  const changed =
    name.trim() !== provider.name ||
    address.trim() !== provider.base_url ||
    key.trim() !== '' ||
    draft.headers !== null;

  React.useEffect(() => {
    setName(provider.name);
    setAddress(provider.base_url);
  }, [provider.name, provider.base_url]);

  return (
    <fieldset className="jp-gpt-Provider" data-provider={provider.id}>
      <legend>{provider.name}</legend>
      {provider.locked && (
        <p className="jp-gpt-Provider-locked">
          {trans.__('Set by your administrator.')}
        </p>
      )}
      <label htmlFor={`${id}-name`}>{trans.__('Name')}</label>
      <input
        id={`${id}-name`}
        className="jp-mod-styled"
        readOnly={provider.locked}
        // What the server takes (protocol.ProviderPatch).
        maxLength={200}
        value={name}
        onChange={event => setName(event.target.value)}
      />
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
      {!provider.locked && (
        <HeaderFields
          names={provider.headers}
          edits={edits}
          trans={trans}
          onChange={setEdits}
        />
      )}
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
