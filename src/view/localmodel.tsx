import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { downloadIcon } from './icons';
import { errorSentence } from '../model/errors';
import type { ILocalModelState } from '../protocol/frames';
import { usePanel, useSignals } from './context';
import { Dots, TextButton } from './controls';
import * as format from './format';

/** What is typed into a shell, in every language. */
const INSTALL = 'pip install "jupyterlab-gpt[local]"';

/** Where the weights come from and how large they are: said before anything is fetched. */
function origin(trans: TranslationBundle, local: ILocalModelState): string {
  return trans.__(
    '%1 · %2 · from %3',
    format.bytes(local.bytes_total),
    local.licence,
    local.source
  );
}

/** How far the download is. */
function Progress(props: { local: ILocalModelState }): JSX.Element {
  const { local } = props;
  const { setup, trans } = usePanel();
  const share =
    local.bytes_total > 0 ? local.bytes_done / local.bytes_total : 0;
  const percent = Math.min(100, Math.floor(share * 100));
  return (
    <div className="jp-gpt-Progress">
      <div
        className="jp-gpt-Progress-track"
        role="progressbar"
        aria-label={trans.__('Download of the built-in model')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div
          className="jp-gpt-Progress-bar"
          style={{ transform: `scaleX(${Math.min(1, share)})` }}
        />
      </div>
      <div className="jp-gpt-Progress-line">
        <span>
          {trans.__(
            '%1 of %2',
            format.bytes(local.bytes_done),
            format.bytes(local.bytes_total)
          )}
          {' · '}
          {percent}%
        </span>
        <TextButton
          small
          name={trans.__('Stop the download')}
          onClick={() => void setup.stopLocalModel()}
        >
          {trans.__('Stop')}
        </TextButton>
      </div>
    </div>
  );
}

/** Start the download, or go on with it. */
function Fetch(props: { label: string }): JSX.Element {
  const { models, setup } = usePanel();
  const fetch = (): void => {
    // Who has nothing else and fetches it means to use it.
    if (setup.needsSetup && setup.localModel) {
      models.choose('local', setup.localModel.model);
    }
    void setup.fetchLocalModel();
  };
  return (
    <TextButton icon={downloadIcon} onClick={fetch}>
      {props.label}
    </TextButton>
  );
}

/** Use the model that is there. */
function Ready(): JSX.Element {
  const { models, setup, state, trans } = usePanel();
  const local = setup.localModel;
  return (
    <TextButton
      look="primary"
      onClick={() => {
        models.choose('local', local?.model ?? '');
        void setup.refresh();
        state.focusPrompt();
      }}
    >
      {trans.__('Use it')}
    </TextButton>
  );
}

/** Why the download failed, with the command apart: it is there to be copied. */
function Failure(props: {
  error: NonNullable<ILocalModelState['error']>;
}): JSX.Element {
  const { trans } = usePanel();
  const { code, detail } = props.error;
  const command = String(detail?.command ?? '');
  const reason = String(detail?.reason ?? '');
  if (code !== 'fetch_failed' || !command) {
    return (
      <div className="jp-gpt-Onboarding-error" role="alert">
        {errorSentence(trans, props.error).sentence}
      </div>
    );
  }
  return (
    <>
      <div className="jp-gpt-Onboarding-error" role="alert">
        {trans.__(
          'The download failed. Try it again when the network is back.'
        )}
      </div>
      <div className="jp-gpt-Onboarding-how">
        {trans.__('With the file from elsewhere, run this on the server:')}
        <code>{command}</code>
      </div>
      {reason && <p className="jp-gpt-Local-origin">{reason}</p>}
    </>
  );
}

/** What can be done in the state that the model is in. */
function Step(props: { local: ILocalModelState }): JSX.Element {
  const { local } = props;
  const { trans } = usePanel();
  switch (local.state) {
    case 'unavailable':
      return (
        <p className="jp-gpt-Onboarding-how">
          {trans.__('To use it, install it on the server and start it again:')}
          <code>{INSTALL}</code>
        </p>
      );
    case 'fetching':
      return <Progress local={local} />;
    case 'ready':
      return <Ready />;
    case 'stopped':
      return (
        <>
          <p>
            {trans.__(
              '%1 of %2 are here.',
              format.bytes(local.bytes_done),
              format.bytes(local.bytes_total)
            )}
          </p>
          <Fetch label={trans.__('Go on with the download')} />
        </>
      );
    case 'failed':
      return (
        <>
          {local.error && <Failure error={local.error} />}
          <Fetch label={trans.__('Try the download again')} />
        </>
      );
    default:
      return <Fetch label={trans.__('Download')} />;
  }
}

/**
 * The built-in model: what it is, where it comes from, and how to get it.
 */
export function LocalModel(): JSX.Element {
  const { setup, trans } = usePanel();
  useSignals(setup.changed);
  React.useEffect(() => {
    void setup.refreshLocalModel();
  }, [setup]);
  const local = setup.localModel;
  const problem = setup.error && errorSentence(trans, setup.error).sentence;
  if (local === null) {
    return problem ? (
      <div className="jp-gpt-Onboarding-error">{problem}</div>
    ) : (
      <Dots label={trans.__('Loading')} />
    );
  }
  return (
    <div className="jp-gpt-Local">
      <p>{local.label}</p>
      {local.state !== 'unavailable' && local.state !== 'ready' && (
        <p className="jp-gpt-Local-origin">{origin(trans, local)}</p>
      )}
      <Step local={local} />
      {problem && (
        <div className="jp-gpt-Onboarding-error" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
