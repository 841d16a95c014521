import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { diskIcon, keyIcon, moneyIcon, offlineIcon } from './icons';
import type { IBudget } from '../protocol/frames';
import type { BudgetMark } from '../model/budget';
import { dollars, lowerLimit, monthName } from '../model/money';
import type { ConversationModel } from '../model/conversation';
import type { ConversationsModel } from '../model/conversations';
import { usePanel, useSignals } from './context';
import { Banner, TextButton } from './controls';
import { VersionBanner } from './versionbanner';

/**
 * How long a connection may be away before it is said: the usual hiccup of a network or a
 * restarted proxy is over by then, and a banner that blinks says nothing.
 */
const QUIET_MS = 1500;

/** Whether the connection is away and may come back by itself. */
function isAway(
  connection: ConversationsModel['connection'],
  wasOpen: boolean,
  refusal: number | null
): boolean {
  return (
    connection === 'offline' ||
    connection === 'connecting' ||
    (connection === 'refused' && wasOpen && refusal === 200)
  );
}

/** The connection to the Jupyter server. */
function ConnectionBanner(): JSX.Element | null {
  const { conversations, trans } = usePanel();
  useSignals(conversations.connectionChanged, conversations.listChanged);
  const { connection, wasOpen } = conversations;
  // Where sockets did pass, REST that answers does not mean that they are not let through.
  const away = isAway(connection, wasOpen, conversations.refusal);
  const [late, setLate] = React.useState(false);
  React.useEffect(() => {
    setLate(false);
    if (away) {
      const timer = window.setTimeout(() => setLate(true), QUIET_MS);
      return () => window.clearTimeout(timer);
    }
  }, [away]);

  if (connection === 'refused' && !away) {
    return <RefusedBanner />;
  }
  if (!late || !away) {
    return null;
  }
  const waiting = conversations.running.filter(
    ({ running }) => running && !running.stored
  ).length;
  return (
    <Banner
      icon={offlineIcon}
      action={
        <TextButton small onClick={() => conversations.reconnect()}>
          {trans.__('Try now')}
        </TextButton>
      }
    >
      {wasOpen
        ? trans.__('Connection lost. Reconnecting…')
        : trans.__('Connecting…')}
      {waiting > 0 &&
        ` ${trans._n(
          '%1 question is sent as soon as the connection is back.',
          '%1 questions are sent as soon as the connection is back.',
          waiting
        )}`}
    </Banner>
  );
}

/** The server has said no; trying on by itself would not change that. */
function RefusedBanner(): JSX.Element {
  const { conversations, trans } = usePanel();
  const status = conversations.refusal;
  let sentence = trans.__(
    'The connection was refused. A proxy before the server may not let WebSockets through.'
  );
  if (status === 401 || status === 403) {
    sentence = trans.__(
      'You are not logged in any more, or may not use the chat. Log in again and try once more.'
    );
  } else if (status === 404) {
    sentence = trans.__(
      'The server part of JupyterLab GPT is missing. Install jupyterlab-gpt on the server and start it again.'
    );
  }
  return (
    <Banner
      icon={offlineIcon}
      error
      action={
        <TextButton small onClick={() => conversations.reconnect()}>
          {trans.__('Try again')}
        </TextButton>
      }
    >
      {sentence}
    </Banner>
  );
}

/** The disk that the conversations lie on. */
function StorageBanner(): JSX.Element | null {
  const { conversations, trans } = usePanel();
  useSignals(conversations.storageChanged);
  const [hidden, setHidden] = React.useState<string | null>(null);
  const state = conversations.storage?.state ?? 'ok';
  if (state === 'ok' || state === hidden) {
    return null;
  }
  const sentence = {
    locked: trans.__(
      'Another program holds the conversations’ database. Answers are shown; they are stored when it lets go.'
    ),
    full: trans.__(
      'The disk is full: new answers cannot be stored. Free some space on the server.'
    ),
    read_only: trans.__(
      'The conversations’ folder is read-only: new answers cannot be stored.'
    ),
    repaired: trans.__(
      'The database was damaged and has been repaired. The damaged file was kept beside it.'
    )
  }[state];
  return (
    <Banner
      icon={diskIcon}
      error={state === 'full' || state === 'read_only'}
      action={
        state === 'repaired' && (
          <TextButton small onClick={() => setHidden(state)}>
            {trans.__('Dismiss')}
          </TextButton>
        )
      }
    >
      {sentence}
    </Banner>
  );
}

/** A conversation is there, but nothing that could answer. */
function SetupBanner(props: {
  conversation: ConversationModel;
}): JSX.Element | null {
  const { conversations, setup, state, trans } = usePanel();
  useSignals(setup.changed, props.conversation.messagesChanged);
  // An empty conversation shows the whole first run in its middle.
  if (!setup.needsSetup || props.conversation.messages.length === 0) {
    return null;
  }
  return (
    <Banner
      icon={keyIcon}
      action={
        <TextButton
          small
          onClick={() => {
            conversations.newConversation();
            state.focusPrompt();
          }}
        >
          {trans.__('Set up')}
        </TextButton>
      }
    >
      {trans.__('No model is set up yet.')}
    </Banner>
  );
}

/** How much of the budget is gone, in a sentence. */
function budgetSentence(
  trans: TranslationBundle,
  budget: IBudget,
  mark: BudgetMark
): string {
  const amounts = [
    (budget.unpriced > 0 ? '≥ ' : '') + dollars(budget.spent),
    dollars(lowerLimit(budget) ?? '0'),
    monthName(budget.month)
  ];
  switch (mark) {
    case 'half':
      return trans.__(
        'Half of the budget for %3 is spent: %1 of %2.',
        ...amounts
      );
    case 'high':
      return trans.__(
        '80 % of the budget for %3 is spent: %1 of %2.',
        ...amounts
      );
    case 'full':
      return trans.__(
        'The budget for %3 is spent: %1 of %2. Nothing more that costs is sent until it is raised.',
        ...amounts
      );
  }
}

/** The month's budget, where half, most or all of it is spent. */
function BudgetBanner(): JSX.Element | null {
  const { budget, openUsage, state, trans } = usePanel();
  useSignals(budget.changed);
  const { current, notice } = budget;
  if (current === null || notice === null) {
    return null;
  }
  return (
    <Banner
      icon={moneyIcon}
      error={notice === 'full'}
      action={
        <TextButton
          small
          onClick={() => {
            budget.dismiss();
            state.focusPrompt();
          }}
        >
          {trans.__('Dismiss')}
        </TextButton>
      }
    >
      {budgetSentence(trans, current, notice)}{' '}
      {openUsage && (
        <TextButton look="link" onClick={openUsage}>
          {trans.__('Show usage')}
        </TextButton>
      )}
    </Banner>
  );
}

/**
 * What is the matter with the panel as a whole.
 */
export function Banners(props: {
  conversation: ConversationModel;
}): JSX.Element {
  return (
    <>
      <ConnectionBanner />
      <VersionBanner />
      <StorageBanner />
      <BudgetBanner />
      <SetupBanner conversation={props.conversation} />
    </>
  );
}
