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
  return (
    <div className="jp-gpt-CodeBar">
      {action.off && action.createNotebook && (
        <TextButton
          look="quiet"
          small
          icon={notebookIcon}
          name={trans.__('New notebook')}
          title={trans.__('No notebook is open. Open a new one.')}
          onClick={action.createNotebook}
        >
          <span className="jp-gpt-CodeBar-new">{trans.__('New notebook')}</span>
        </TextButton>
      )}
      <InsertButton
        {...shared}
        name={trans.__('Insert below')}
        icon={insertBelowIcon}
        place="below"
      >
        <span className="jp-gpt-CodeBar-wide">{trans.__('Insert below')}</span>
        {action.target.label && (
          <span className="jp-gpt-CodeBar-target" aria-hidden="true">
            {action.target.label}
          </span>
        )}
      </InsertButton>
      <InsertButton
        {...shared}
        name={trans.__('Insert above')}
        icon={insertAboveIcon}
        place="above"
      />
      <InsertButton
        {...shared}
        name={trans.__('Replace cell')}
        icon={replaceIcon}
        place="replace"
      />
      <CopyButton block={block} />
    </div>
  );
});
