import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import {
  checkIcon,
  copyIcon,
  insertAboveIcon,
  insertBelowIcon,
  notebookIcon,
  replaceIcon
} from './icons';
import type { ICodeBlock } from '../markdown/renderer';
import { stripPrompts } from '../notebook/fences';
import type { IInsertBlock, InsertPlace } from '../tokens';
import { copyText } from './clipboard';
import { usePanel } from './context';
import { IconButton, TextButton, useFlash } from './controls';
import type { IInsertAction } from './target';

/** The block as it goes into the notebook: without the prompts of a shell. */
function insertBlock(block: ICodeBlock): IInsertBlock {
  return {
    kind: 'code',
    source: stripPrompts(block.code, block.language),
    language: block.language
  };
}

/** One of the buttons that put the block into the notebook. */
function InsertButton(props: {
  name: string;
  icon: LabIcon;
  place: InsertPlace;
  block: ICodeBlock;
  action: IInsertAction;
  children?: React.ReactNode;
}): JSX.Element {
  const { action, block, place } = props;
  const [done, flash] = useFlash();
  return (
    <TextButton
      look="quiet"
      small
      name={props.name}
      title={action.describe(place)}
      off={action.off}
      icon={done ? checkIcon : props.icon}
      onPoint={action.point}
      onClick={async () => {
        if (await action.insert(place, [insertBlock(block)])) {
          flash();
        }
      }}
    >
      {props.children}
    </TextButton>
  );
}

/** Copy the code as it stands. */
function CopyButton(props: { block: ICodeBlock }): JSX.Element {
  const { state, trans } = usePanel();
  const [done, flash] = useFlash();
  return (
    <IconButton
      small
      name={trans.__('Copy code')}
      icon={done ? checkIcon : copyIcon}
      onClick={async () => {
        await copyText(props.block.code);
        state.announce(trans.__('Copied'));
        flash();
      }}
    />
  );
}

/** Offered where nothing is open: a notebook with the block in it, in one go. */
function NewNotebook(props: {
  block: ICodeBlock;
  action: IInsertAction;
}): JSX.Element | null {
  const { trans } = usePanel();
  const open = props.action.openAsNotebook;
  return (
    open && (
      <TextButton
        look="quiet"
        small
        icon={notebookIcon}
        name={trans.__('New notebook')}
        title={trans.__('No notebook is open. Put this into a new one.')}
        onClick={() => void open([insertBlock(props.block)])}
      >
        <span className="jp-gpt-CodeBar-new">{trans.__('New notebook')}</span>
      </TextButton>
    )
  );
}

/** What the buttons are called: a cell has a below and an above, a text has a cursor. */
function names(
  trans: TranslationBundle,
  kind: IInsertAction['target']['kind']
): { below: string; above: string | null; replace: string } {
  switch (kind) {
    case 'editor':
      return {
        below: trans.__('Insert at cursor'),
        above: null,
        replace: trans.__('Replace selection')
      };
    case 'console':
      return {
        below: trans.__('Put into prompt'),
        above: null,
        replace: trans.__('Replace selection')
      };
    default:
      return {
        below: trans.__('Insert below'),
        above: trans.__('Insert above'),
        replace: trans.__('Replace cell')
      };
  }
}

/**
 * The bar of a finished code block, always visible: back into the notebook, or the clipboard.
 */
export const CodeBar = React.memo(function CodeBar(props: {
  block: ICodeBlock;
  action: IInsertAction;
}): JSX.Element {
  const { block, action } = props;
  const { trans } = usePanel();
  const shared = { block, action };
  const name = names(trans, action.target.kind);
  return (
    <div className="jp-gpt-CodeBar">
      {action.off && <NewNotebook {...shared} />}
      <InsertButton
        {...shared}
        name={name.below}
        icon={insertBelowIcon}
        place="below"
      >
        <span className="jp-gpt-CodeBar-wide">{name.below}</span>
        {action.target.label && (
          <span className="jp-gpt-CodeBar-target" aria-hidden="true">
            {action.target.label}
          </span>
        )}
      </InsertButton>
      {name.above && (
        <InsertButton
          {...shared}
          name={name.above}
          icon={insertAboveIcon}
          place="above"
        />
      )}
      <InsertButton
        {...shared}
        name={name.replace}
        icon={replaceIcon}
        place="replace"
      />
      <CopyButton block={block} />
    </div>
  );
});
