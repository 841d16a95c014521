import * as React from 'react';
import {
  deleteIcon,
  downloadIcon,
  moreIcon,
  notebookIcon,
  uploadIcon
} from './icons';
import type { ConversationModel } from '../model/conversation';
import { errorSentence } from '../model/errors';
import { switchedOff } from '../protocol/features';
import type { ExportFormat } from './archive';
import { openAsNotebook, saveAll, saveConversation } from './archive';
import { usePanel } from './context';
import { TextButton } from './controls';
import { errorOf } from './failure';
import type { IMenuEntry } from './menu';
import { MenuButton } from './menu';

/**
 * What can be done with the open conversation as a whole.
 */
export function ConversationMenu(props: {
  conversation: ConversationModel;
}): JSX.Element {
  const { conversation } = props;
  const { conversations, openNotebook, setup, state, trans } = usePanel();
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (reason) {
      state.complain(errorSentence(trans, errorOf(reason)).sentence);
    }
  };
  const entries = (): IMenuEntry[] => {
    const off = setup.isOff('export')
      ? switchedOff(trans, 'export')
      : conversation.isNew
        ? trans.__('Nothing has been asked yet')
        : null;
    const out = (label: string, format: ExportFormat): IMenuEntry => ({
      icon: downloadIcon,
      label,
      off,
      run: () =>
        void attempt(() =>
          saveConversation(conversations, conversation, format)
        )
    });
    const open = openNotebook && {
      icon: notebookIcon,
      label: trans.__('Open as notebook'),
      off,
      run: () =>
        void attempt(() =>
          openAsNotebook(conversations, conversation, openNotebook)
        )
    };
    return [
      ...(open ? [open] : []),
      out(trans.__('Export as notebook'), 'ipynb'),
      out(trans.__('Export as Markdown'), 'md'),
      out(trans.__('Export as JSON'), 'json')
    ];
  };
  return (
    <MenuButton
      name={trans.__('More actions')}
      icon={moreIcon}
      entries={entries}
    />
  );
}

/** The question whether everything is to go. */
function AskDeleteAll(props: {
  onKeep: () => void;
  onDelete: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => node.current?.querySelector('button')?.focus(), []);
  return (
    <div
      ref={node}
      className="jp-gpt-Ask jp-gpt-mod-all"
      role="alertdialog"
      aria-label={trans.__('Delete all conversations')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          props.onKeep();
        }
      }}
    >
      <span>
        {trans.__(
          'Delete all conversations? Every question, answer and attachment is erased and cannot be brought back. What they cost stays in the usage, as amounts without text.'
        )}
      </span>
      <TextButton small onClick={props.onKeep}>
        {trans.__('Keep')}
      </TextButton>
      <TextButton small onClick={props.onDelete}>
        {trans.__('Delete all')}
      </TextButton>
    </div>
  );
}

/** What can be done with all conversations, and what became of it. */
export interface IArchive {
  readonly entries: () => IMenuEntry[];
  /** The file picker, a question or a sentence: stands under the header. */
  readonly below: JSX.Element;
}

/**
 * Export, import and delete all conversations.
 */
export function useArchive(): IArchive {
  const { conversations, setup, state, trans } = usePanel();
  const off = setup.isOff('export') ? switchedOff(trans, 'export') : null;
  const [sentence, setSentence] = React.useState('');
  const [asking, setAsking] = React.useState(false);
  const picker = React.useRef<HTMLInputElement>(null);
  const attempt = async (work: () => Promise<string>): Promise<void> => {
    setAsking(false);
    try {
      const said = await work();
      setSentence(said);
      state.announce(said);
    } catch (reason) {
      const { sentence: why } = errorSentence(trans, errorOf(reason));
      setSentence(why);
      state.announce(why);
    }
  };
  const out = (label: string, format: ExportFormat): IMenuEntry => ({
    icon: downloadIcon,
    label,
    off,
    run: () =>
      void attempt(async () => {
        await saveAll(conversations, format);
        return trans.__('All conversations are exported');
      })
  });
  const take = (file: File | undefined): void => {
    if (file) {
      void attempt(async () => {
        const count = await conversations.import(await file.text());
        return trans._n(
          '%1 conversation is imported',
          '%1 conversations are imported',
          count,
          count
        );
      });
    }
  };
  const remove = (): void =>
    void attempt(async () => {
      await conversations.removeAll();
      return trans.__('All conversations are deleted');
    });
  return {
    entries: () => [
      out(trans.__('Export all as notebooks…'), 'ipynb'),
      out(trans.__('Export all as Markdown…'), 'md'),
      out(trans.__('Export all as JSON…'), 'json'),
      {
        icon: uploadIcon,
        label: trans.__('Import…'),
        run: () => picker.current?.click()
      },
      {
        icon: deleteIcon,
        label: trans.__('Delete all…'),
        run: () => setAsking(true)
      }
    ],
    below: (
      <>
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={trans.__('Import conversations')}
          onChange={event => {
            take(event.target.files?.[0]);
            // Else the same file again would be no change.
            event.target.value = '';
          }}
        />
        {asking && (
          <AskDeleteAll onKeep={() => setAsking(false)} onDelete={remove} />
        )}
        {sentence && (
          <div className="jp-gpt-Ask jp-gpt-mod-all" role="status">
            <span>{sentence}</span>
            <TextButton small onClick={() => setSentence('')}>
              {trans.__('Dismiss')}
            </TextButton>
          </div>
        )}
      </>
    )
  };
}
