import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { closeIcon, sendIcon } from './icons';
import { dollars, isZero } from '../model/money';
import type { ILeftOut, IPreviewed, IPreviewItem } from '../protocol/frames';
import { usePanel, useSignals } from './context';
import { Dots, IconButton, TextButton } from './controls';
import * as words from './costwords';
import * as format from './format';
import { ErrorCard } from './notice';
import { PreviewItem, itemLabel } from './previewitem';

/** Who says it. */
function roleName(trans: TranslationBundle, role: string): string {
  switch (role) {
    case 'system':
    case 'developer':
      return trans.__('Instructions');
    case 'user':
      return trans.__('You');
    case 'assistant':
      return trans.__('GPT');
    default:
      return role;
  }
}

/** The items of one message. */
function Message(props: { items: readonly IPreviewItem[] }): JSX.Element {
  const { trans } = usePanel();
  const role = roleName(trans, props.items[0].role);
  return (
    <section className="jp-gpt-Preview-message" aria-label={role}>
      <h4>{role}</h4>
      <ul>
        {props.items.map(item => (
          <PreviewItem key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

/** Why some things are not sent. */
function reason(trans: TranslationBundle, why: ILeftOut['why']): string {
  switch (why) {
    case 'history':
      return trans.__('Left out, because the conversation is too long:');
    case 'one_shot':
      return trans.__(
        'Left out, because Explain and Fix error send no history:'
      );
    case 'thinking':
      return trans.__('What the model thought aloud is never sent again.');
    default:
      return trans.__('Left out by you:');
  }
}

/** What will not be sent, by its reason. */
function LeftOut(props: { items: readonly ILeftOut[] }): JSX.Element | null {
  const { preview, trans } = usePanel();
  const groups = new Map<ILeftOut['why'], ILeftOut[]>();
  for (const item of props.items) {
    groups.set(item.why, [...(groups.get(item.why) ?? []), item]);
  }
  return (
    <>
      {[...groups].map(([why, items]) => (
        <section key={why} className="jp-gpt-Preview-left">
          <h4>{reason(trans, why)}</h4>
          {why !== 'thinking' && (
            <ul>
              {items.map(item => (
                <li key={item.id}>
                  <span>{itemLabel(trans, item.label)}</span>
                  {preview.canPutBack(item.id) && (
                    <TextButton
                      look="link"
                      small
                      onClick={() => preview.putBack(item.id)}
                    >
                      {trans.__('Put back')}
                    </TextButton>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </>
  );
}

/** All of it together. */
function Totals(props: { preview: IPreviewed }): JSX.Element {
  const { models, trans } = usePanel();
  const { provider, model, params, cached_tokens, saved } = props.preview;
  const tooLong = words.tooLong(trans, props.preview);
  const parameters = Object.entries(params).map(
    ([name, value]) =>
      `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
  );
  return (
    <div className="jp-gpt-Preview-totals">
      <div title={words.expectedTitle(trans, props.preview)}>
        <span className="jp-gpt-Footer-item">
          {words.tokenText(trans, props.preview)}
        </span>
        <span className="jp-gpt-Footer-item jp-gpt-Footer-cost">
          {words.costRange(trans, props.preview)}
        </span>
        <span className="jp-gpt-Footer-item">
          {words.modelLabel(models.models, provider, model)}
        </span>
      </div>
      {cached_tokens > 0 && (
        <div>
          {saved !== null && !isZero(saved)
            ? trans.__(
                'Expected from the cache: %1 tokens, which saves %2',
                format.count(cached_tokens),
                dollars(saved)
              )
            : trans.__(
                'Expected from the cache: %1 tokens',
                format.count(cached_tokens)
              )}
        </div>
      )}
      {parameters.length > 0 && <div>{parameters.join(' · ')}</div>}
      {tooLong && <div className="jp-gpt-Estimate-warning">{tooLong}</div>}
    </div>
  );
}

/** What will be sent, message by message. */
function Messages(props: { preview: IPreviewed }): JSX.Element {
  const messages: IPreviewItem[][] = [];
  let last = -1;
  for (const item of props.preview.items) {
    if (item.message !== last) {
      messages.push([]);
      last = item.message;
    }
    messages[messages.length - 1].push(item);
  }
  return (
    <>
      {messages.map(items => (
        <Message key={items[0].message} items={items} />
      ))}
      <LeftOut items={props.preview.left_out} />
    </>
  );
}

/** Keep the focus within the dialog, and let Escape close it. */
function useDialogKeys(
  close: () => void
): (event: React.KeyboardEvent<HTMLDivElement>) => void {
  return event => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      const stops = [
        ...event.currentTarget.querySelectorAll<HTMLElement>(
          'button, [tabindex="0"]'
        )
      ];
      const end = event.shiftKey ? stops[0] : stops[stops.length - 1];
      const begin = event.shiftKey ? stops[stops.length - 1] : stops[0];
      const { activeElement } = document;
      if (activeElement === end || activeElement === event.currentTarget) {
        event.preventDefault();
        begin?.focus();
      }
    }
  };
}

/** What will be sent, or why that cannot be said. */
function Body(): JSX.Element {
  const { preview, trans } = usePanel();
  const { current, error } = preview;
  return (
    <div
      className="jp-gpt-Preview-scroll"
      tabIndex={0}
      role="group"
      aria-label={trans.__('What will be sent')}
    >
      {preview.hasChanged && (
        <p className="jp-gpt-Preview-changed" role="alert">
          {trans.__(
            'What would be sent has changed since you looked at it, so nothing was sent. This is how it is now.'
          )}
        </p>
      )}
      {error && !preview.loading && (
        <ErrorCard error={error} onRetry={() => void preview.refresh()} />
      )}
      {current && !error && <Messages preview={current} />}
    </div>
  );
}

/** What it costs together, and Send. */
function Foot(): JSX.Element {
  const { composer, preview, state, trans } = usePanel();
  useSignals(composer.changed);
  const { current, error } = preview;
  const off = composer.running
    ? trans.__('An answer is being written')
    : !current || preview.loading
      ? trans.__('The preview is being made')
      : null;
  return (
    <div className="jp-gpt-Preview-foot">
      {current && !error && <Totals preview={current} />}
      <TextButton
        look="primary"
        icon={sendIcon}
        off={error ? trans.__('There is nothing to send yet') : off}
        onClick={() => {
          if (preview.send()) {
            state.scrollToEnd();
          }
        }}
      >
        {trans.__('Send')}
      </TextButton>
    </div>
  );
}

/**
 * Word for word what will be sent, over the panel.
 */
export function PreviewDialog(): JSX.Element | null {
  const { preview, state, trans } = usePanel();
  useSignals(preview.changed);
  const node = React.useRef<HTMLDivElement>(null);
  const { isOpen, current } = preview;
  React.useLayoutEffect(() => {
    if (isOpen) {
      node.current?.focus();
    }
  }, [isOpen]);
  React.useEffect(() => {
    // After the ground is within reach again: nothing inert takes the focus.
    if (isOpen) {
      return () => state.focusPrompt();
    }
  }, [isOpen, state]);
  React.useLayoutEffect(() => {
    // The button that had the focus has gone with its item.
    if (isOpen && document.activeElement === document.body) {
      node.current?.focus();
    }
  }, [isOpen, current]);
  const onKeyDown = useDialogKeys(() => preview.close());
  if (!isOpen) {
    return null;
  }
  return (
    <div
      ref={node}
      className="jp-gpt-Preview"
      role="dialog"
      aria-modal="true"
      aria-label={trans.__('Preview')}
      aria-busy={preview.loading}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="jp-gpt-Header">
        <h3 className="jp-gpt-Header-title">{trans.__('Preview')}</h3>
        {preview.loading && <Dots label={trans.__('Loading')} />}
        <IconButton
          name={trans.__('Close')}
          icon={closeIcon}
          onClick={() => preview.close()}
        />
      </div>
      <Body />
      <Foot />
    </div>
  );
}
