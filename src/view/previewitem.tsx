import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { closeIcon } from './icons';
import { errorSentence } from '../model/errors';
import { dollars, isZero } from '../model/money';
import type { IPreviewItem } from '../protocol/frames';
import { usePanel } from './context';
import { IconButton, TextButton } from './controls';
import { errorOf } from './failure';
import * as format from './format';

/**
 * How much of a text is shown before "Show all": enough to know it by, and not so much that the
 * question is screens away. The rest is not drawn either: it may be megabytes.
 */
const SHORT_CHARS = 1200;
const SHORT_LINES = 14;

/** The beginning of a long text, or null if it is short enough. */
function beginning(text: string): string | null {
  const lines = text.slice(0, SHORT_CHARS + 1).split('\n');
  if (text.length <= SHORT_CHARS && lines.length <= SHORT_LINES) {
    return null;
  }
  return lines.slice(0, SHORT_LINES).join('\n').slice(0, SHORT_CHARS);
}

/** The server's labels are English words and names; the words are known here. */
export function itemLabel(trans: TranslationBundle, label: string): string {
  const [, what, name] = /^(\S+(?: of)?) (.+)$/.exec(label) ?? [];
  switch (what) {
    case 'error of':
      return trans.__('Error of %1', name);
    case 'output of':
      return trans.__('Output of %1', name);
    case 'changes of':
      return trans.__('Changes of %1', name);
    case 'notebook':
      return trans.__('Notebook %1', name);
    case 'variable':
      return trans.__('Variable %1', name);
  }
  const whole: { [label: string]: string } = {
    "Administrator's prompt": trans.__('Administrator’s prompt'),
    'System prompt': trans.__('System prompt'),
    Continue: trans.__('Continue'),
    You: trans.__('You'),
    GPT: trans.__('GPT'),
    cell: trans.__('Cell'),
    error: trans.__('Error'),
    output: trans.__('Output'),
    image: trans.__('Image')
  };
  return whole[label] ?? label;
}

/** A text of any length, its beginning first. */
function Text(props: { text: string }): JSX.Element {
  // What follows another part begins with the blank line between them: here a frame does that.
  const text = props.text.replace(/^\n+/, '');
  const { trans } = usePanel();
  const [whole, setWhole] = React.useState(false);
  const short = beginning(text);
  return (
    <>
      <pre className="jp-gpt-Preview-text">
        {short === null || whole ? text : `${short}…`}
      </pre>
      {short !== null && (
        <TextButton
          look="link"
          small
          aria={{ 'aria-expanded': whole }}
          onClick={() => setWhole(!whole)}
        >
          {whole
            ? trans.__('Show less')
            : trans.__('Show all %1 characters', format.count(text.length))}
        </TextButton>
      )}
    </>
  );
}

/** A text that lies in a blob: read when it is wanted. */
function BlobText(props: { sha256: string }): JSX.Element {
  const { preview, trans } = usePanel();
  const [text, setText] = React.useState<string | null>(null);
  const [sentence, setSentence] = React.useState('');
  const read = async (): Promise<void> => {
    try {
      setText(await preview.text(props.sha256));
    } catch (reason) {
      setSentence(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  if (text !== null) {
    return <Text text={text} />;
  }
  return (
    <div className="jp-gpt-Preview-blob">
      <TextButton look="link" small onClick={() => void read()}>
        {trans.__('Show the content')}
      </TextButton>
      {sentence && <span role="alert">{sentence}</span>}
    </div>
  );
}

/**
 * One part of a message: what it is, what it costs, its words; and a way to leave it out.
 */
export function PreviewItem(props: { item: IPreviewItem }): JSX.Element {
  const { item } = props;
  const { preview, trans } = usePanel();
  const label = itemLabel(trans, item.label);
  let price = trans.__('price unknown');
  if (item.cost !== null) {
    price = isZero(item.cost) ? '' : dollars(item.cost);
  }
  return (
    <li className="jp-gpt-Preview-item" data-item={item.id}>
      <div className="jp-gpt-Preview-head">
        <div className="jp-gpt-Preview-what">
          <span className="jp-gpt-Preview-label">{label}</span>
          <span className="jp-gpt-Preview-facts">
            <span className="jp-gpt-Footer-item">
              {trans.__('%1 tok', format.tokens(item.tokens))}
            </span>
            {price && <span className="jp-gpt-Footer-item">{price}</span>}
          </span>
        </div>
        {preview.canLeaveOut(item) && (
          <IconButton
            small
            className="jp-gpt-Preview-out"
            name={trans.__('Leave out')}
            title={trans.__('Leave out: %1', label)}
            icon={closeIcon}
            onClick={() => preview.leaveOut(item)}
          />
        )}
      </div>
      {item.text !== null && <Text text={item.text} />}
      {item.blob !== null &&
        (item.label === 'image' ? (
          <div className="jp-gpt-Preview-blob">
            {trans.__('The image itself.')}
          </div>
        ) : (
          <BlobText sha256={item.blob} />
        ))}
    </li>
  );
}
