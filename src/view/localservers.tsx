import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ILocalServer } from '../protocol/frames';
import { TextButton } from './controls';
import { STARTS } from './providers-known';
import { explain } from './providers-text';
import '../../style/localservers.css';

/**
 * What the search needs.
 */
export interface ILocalServersProps {
  /** Ask the server part to look; nothing is asked before. */
  readonly look: () => Promise<readonly ILocalServer[]>;
  /** Whether the user has this one already. */
  readonly isAdded: (server: ILocalServer) => boolean;
  /** Take one over; rejects where that fails. */
  readonly onAdd: (server: ILocalServer) => Promise<void>;
  /** Where a look goes, to be named where nobody answers. */
  readonly addresses: readonly string[];
  /** Whether one without a model is of no use here. */
  readonly needsModel?: boolean;
  /** What the button of a row says, and its whole name. */
  readonly verb: (server: string) => { text: string; name: string };
  readonly trans: TranslationBundle;
}

/** How far the look is. */
type Phase = 'idle' | 'looking' | 'done';

/**
 * A button that looks for local servers, and under it those that answer, each with a button.
 */
export function LocalServers(props: ILocalServersProps): JSX.Element {
  const { look, onAdd, trans } = props;
  const [phase, setPhase] = React.useState<Phase>('idle');
  const [servers, setServers] = React.useState<readonly ILocalServer[]>([]);
  const [said, setSaid] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const [adding, setAdding] = React.useState<string | null>(null);
  const place = React.useRef<HTMLDivElement>(null);
  const movesOn = React.useRef(false);

  React.useEffect(() => {
    // The hand goes on to the next that can be added, or back to the button that looks.
    if (movesOn.current && phase === 'done' && adding === null) {
      movesOn.current = false;
      const buttons = place.current?.querySelectorAll<HTMLElement>('button');
      const next = Array.from(buttons ?? []).find(
        button =>
          button.closest('li') !== null &&
          button.getAttribute('aria-disabled') !== 'true'
      );
      (next ?? buttons?.[0])?.focus();
    }
  });

  const attempt = async (action: () => Promise<string>): Promise<void> => {
    setProblem('');
    try {
      setSaid(await action());
    } catch (reason) {
      setSaid('');
      setProblem(explain(reason, trans));
    }
  };
  const start = async (button: HTMLElement): Promise<void> => {
    setPhase('looking');
    setServers([]);
    setSaid(trans.__('Looking on the computer that runs Jupyter…'));
    await attempt(async () => {
      const found = await look();
      setServers(found);
      const count = found.length;
      return count === 0
        ? trans.__('No server answers.')
        : trans._n('%1 server answers.', '%1 servers answer.', count, count);
    });
    // Who has gone elsewhere meanwhile is not fetched back.
    movesOn.current = document.activeElement === button;
    setPhase('done');
  };
  const add = async (server: ILocalServer): Promise<void> => {
    setAdding(server.base_url);
    await attempt(async () => {
      await onAdd(server);
      return trans.__(
        '%1 is added; its models are in the model picker.',
        server.name
      );
    });
    movesOn.current = true;
    setAdding(null);
  };

  const looking = phase === 'looking';
  return (
    <div className="jp-gpt-LocalServers" data-phase={phase} ref={place}>
      <TextButton
        off={looking ? trans.__('Wait for the look to end.') : null}
        onClick={event => void start(event.currentTarget)}
      >
        {buttonText(phase, trans)}
      </TextButton>
      <p role="status" className="jp-gpt-LocalServers-said">
        {said}
      </p>
      <p role="alert" className="jp-gpt-LocalServers-problem">
        {problem}
      </p>
      {servers.length > 0 && (
        <ul aria-label={trans.__('Local servers that answer')}>
          {servers.map(server => (
            <Row
              {...props}
              key={server.base_url}
              server={server}
              busy={adding !== null}
              onClick={() => void add(server)}
            />
          ))}
        </ul>
      )}
      {phase === 'done' && !problem && servers.length === 0 && (
        <Nobody addresses={props.addresses} trans={trans} />
      )}
    </div>
  );
}

/** What the button that looks says. */
function buttonText(phase: Phase, trans: TranslationBundle): string {
  switch (phase) {
    case 'idle':
      return trans.__('Look for local servers');
    case 'looking':
      return trans.__('Looking…');
    case 'done':
      return trans.__('Look again');
  }
}

/** One that answers. */
function Row(
  props: ILocalServersProps & {
    readonly server: ILocalServer;
    readonly busy: boolean;
    readonly onClick: () => void;
  }
): JSX.Element {
  const { busy, server, trans } = props;
  const count = server.models.length;
  const where = shortAddress(server.base_url);
  const { text, name } = props.verb(server.name);
  let off = busy ? trans.__('Adding…') : null;
  if (props.needsModel && count === 0) {
    off = trans.__('It has no model yet.');
  }
  return (
    <li>
      <span className="jp-gpt-LocalServers-what">
        <b>{server.name}</b>
        <span>
          {where !== server.name && <span>{where}</span>}
          <span>
            {count === 0
              ? trans.__('no model yet')
              : trans._n('%1 model', '%1 models', count, count)}
          </span>
        </span>
      </span>
      {props.isAdded(server) ? (
        <span className="jp-gpt-LocalServers-added">{trans.__('Added')}</span>
      ) : (
        <TextButton name={name} off={off} onClick={props.onClick}>
          {text}
        </TextButton>
      )}
    </li>
  );
}

/** An address as short as it can be read: on loopback `http` and `/v1` say nothing. */
function shortAddress(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl);
  return host + pathname.replace(/\/(v1\/?)?$/, '');
}

/** What to do where nobody answers. */
function Nobody(props: {
  readonly addresses: readonly string[];
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { trans } = props;
  return (
    <div className="jp-gpt-LocalServers-nobody">
      <p>{trans.__('Start one of them, then look again:')}</p>
      <dl>
        {STARTS.map(([name, command]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{command}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        {trans.__(
          'Asked: %1. A server at another address, or one that wants a key, is added by its address in the settings.',
          props.addresses.map(shortAddress).join(', ')
        )}
      </p>
    </div>
  );
}
