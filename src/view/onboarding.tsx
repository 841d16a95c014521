import * as React from 'react';
import { chipIcon, keyIcon, serverIcon, sparkIcon } from './icons';
import { errorSentence } from '../model/errors';
import { usePanel, useSignals } from './context';
import { Icon, TextButton } from './controls';
import { LocalModel } from './localmodel';
import { LocalServers } from './localservers';
import type { PanelError } from './notice';

/** Paste a key: checked by a free call, then kept on this server. */
function KeyForm(): JSX.Element {
  const { models, setup, state, trans } = usePanel();
  const [error, setError] = React.useState<PanelError | null>(null);
  const field = React.useRef<HTMLInputElement>(null);
  const id = React.useId();

  const save = async (): Promise<void> => {
    const key = field.current?.value ?? '';
    const provider = setup.status?.provider ?? 'default';
    setError(null);
    const result = await setup.saveKey(provider, key);
    if (result.ok) {
      // The key is the server's now: nothing of it stays in the page.
      if (field.current) {
        field.current.value = '';
      }
      // Who pastes a key means to use it, whatever was chosen before.
      const model = setup.status?.model;
      if (models.choice.provider !== provider && model) {
        models.choose(provider, model);
      }
      state.focusPrompt();
    } else {
      setError(result.error);
      field.current?.focus();
    }
  };

  return (
    <form
      className="jp-gpt-Onboarding-form"
      onSubmit={event => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="jp-gpt-Onboarding-field">
        <input
          ref={field}
          type="password"
          className="jp-gpt-Input"
          aria-label={trans.__('API key')}
          aria-invalid={error !== null}
          aria-describedby={error ? id : undefined}
          placeholder={trans.__('Paste your API key')}
          autoComplete="off"
          spellCheck={false}
        />
        <TextButton
          look="primary"
          off={setup.busy ? trans.__('The key is being checked') : null}
          onClick={() => void save()}
        >
          {setup.busy ? trans.__('Checking…') : trans.__('Save')}
        </TextButton>
      </div>
      {error && (
        <div className="jp-gpt-Onboarding-error" id={id} role="alert">
          {errorSentence(trans, error).sentence}
        </div>
      )}
    </form>
  );
}

/** Use a server that runs beside Jupyter. */
function LocalServerWay(): JSX.Element {
  const { setup, state, trans } = usePanel();
  return (
    <section
      className="jp-gpt-Onboarding-way"
      aria-label={trans.__('A local server')}
    >
      <div className="jp-gpt-Onboarding-head">
        <Icon icon={serverIcon} />
        <h4>{trans.__('A local server')}</h4>
      </div>
      <p>
        {trans.__(
          'Ollama, LM Studio, llama.cpp or vLLM on the computer that runs Jupyter. It is free and needs no key.'
        )}
      </p>
      <LocalServers
        look={() => setup.discover()}
        isAdded={() => false}
        onAdd={async server => {
          await setup.useLocalServer(server);
          state.focusPrompt();
        }}
        addresses={setup.localServers}
        needsModel
        verb={name => ({
          text: trans.__('Use'),
          name: trans.__('Use %1', name)
        })}
        trans={trans}
      />
    </section>
  );
}

/**
 * The first run: what this is, and the ways to a model, each one click.
 */
export function Onboarding(): JSX.Element {
  const { openSettings, setup, trans } = usePanel();
  useSignals(setup.changed);
  return (
    <div className="jp-gpt-Onboarding">
      <div className="jp-gpt-Empty-icon">
        <Icon icon={sparkIcon} />
      </div>
      <h3 className="jp-gpt-Empty-title">{trans.__('GPT in your notebook')}</h3>
      <p className="jp-gpt-Empty-text">
        {trans.__(
          'Ask about a cell, watch the answer, put it back as cells. You pay your provider by the token, and see the tokens of each answer. Choose a model to begin.'
        )}
      </p>
      <section
        className="jp-gpt-Onboarding-way"
        aria-label={trans.__('Your own key')}
      >
        <div className="jp-gpt-Onboarding-head">
          <Icon icon={keyIcon} />
          <h4>{trans.__('Your own key')}</h4>
        </div>
        <p>
          {trans.__(
            'It stays on this Jupyter server and goes to its provider only. Checking it is free.'
          )}
        </p>
        <KeyForm />
        {openSettings && (
          <TextButton look="link" small onClick={openSettings}>
            {trans.__('Use another provider or server')}
          </TextButton>
        )}
      </section>
      {setup.localServers.length > 0 && <LocalServerWay />}
      <section
        className="jp-gpt-Onboarding-way"
        aria-label={trans.__('The built-in model')}
      >
        <div className="jp-gpt-Onboarding-head">
          <Icon icon={chipIcon} />
          <h4>{trans.__('The built-in model')}</h4>
        </div>
        <LocalModel />
      </section>
    </div>
  );
}
