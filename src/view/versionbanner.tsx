import * as React from 'react';
import { VERSION, isSameVersion } from '../version';
import { usePanel, useSignals } from './context';
import { Banner, TextButton } from './controls';
import { retryIcon } from './icons';

/**
 * The page and the server are of two versions: one of them was there before an upgrade.
 */
export function VersionBanner(): JSX.Element | null {
  const { setup, state, trans } = usePanel();
  useSignals(setup.changed);
  const [hidden, setHidden] = React.useState<string | null>(null);
  const there = setup.status?.version;
  if (!there || there === hidden || isSameVersion(VERSION, there)) {
    return null;
  }
  return (
    <Banner
      icon={retryIcon}
      action={
        <TextButton
          small
          onClick={() => {
            setHidden(there);
            state.focusPrompt();
          }}
        >
          {trans.__('Dismiss')}
        </TextButton>
      }
    >
      {trans.__(
        'This page has version %1 of JupyterLab GPT, the server %2. If reloading does not help, restart the server.',
        VERSION,
        there
      )}{' '}
      <TextButton look="link" onClick={() => window.location.reload()}>
        {trans.__('Reload the page')}
      </TextButton>
    </Banner>
  );
}
