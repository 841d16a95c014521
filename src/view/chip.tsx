import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IAttachment, IAttachmentOption } from '../tokens';
import { usePanel, useSignals } from './context';
import { Icon, IconButton, TextButton } from './controls';
import { modelLabel } from './costwords';
import * as format from './format';
import {
  cellIcon,
  cellsIcon,
  closeIcon,
  errorIcon,
  fileIcon,
  imageIcon,
  moreIcon,
  notebookIcon,
  variableIcon
} from './icons';
import { MenuButton } from './menu';

/** What a chip stands for, as a picture. */
function chipIcon({ id, kind, options }: IAttachment): LabIcon {
  switch (kind) {
    case 'notebook':
      return notebookIcon;
    case 'file':
      return fileIcon;
    case 'image':
      return imageIcon;
    case 'variable':
      return variableIcon;
  }
  if (options.some(option => option.id === 'error' && option.enabled)) {
    return errorIcon;
  }
  return id.startsWith('cells:') ? cellsIcon : cellIcon;
}

/** Why pictures stay here; null: the model reads them, or may. */
function useBlind(): string | null {
  const { models, trans } = usePanel();
  useSignals(models.changed);
  if (models.chosen?.images !== false) {
    return null;
  }
  const { provider, model } = models.choice;
  const label = modelLabel(models.models, provider, model)?.split(',')[0];
  return trans.__('%1 does not read images', label ?? '');
}

/** `≈ 180 tok`, and what they cost. */
function useSize({ available, tokens }: IAttachment): [string, string] {
  const { models, trans } = usePanel();
  if (!available || !tokens) {
    return ['', ''];
  }
  // One word: a number does not stand apart from what it counts.
  const text = trans
    .__('≈ %1 tok', format.tokens(tokens))
    .replace(/ /g, '\u00a0');
  const price = Number(models.chosen?.input_price ?? Number.NaN);
  const title = trans.__('About %1 tokens', format.count(tokens));
  return Number.isFinite(price) && price > 0
    ? [
        text,
        // A guess of a guess: two digits of it say all that is known.
        trans.__(
          '%1, %2 as input',
          title,
          format.dollars(((tokens * price) / 1e6).toFixed(9))
        )
      ]
    : [text, title];
}

/** One switch of a chip. */
function Switch(props: {
  attachment: IAttachment;
  option: IAttachmentOption;
  blind: string | null;
}): JSX.Element {
  const { attachment, option } = props;
  const { trans } = usePanel();
  const blind = option.needs === 'images' ? props.blind : null;
  return (
    <TextButton
      look="quiet"
      small
      className="jp-gpt-Chip-option"
      aria={{ 'aria-pressed': option.enabled && !blind }}
      title={
        option.enabled
          ? trans.__('%1: goes along', option.label)
          : trans.__('%1: stays here', option.label)
      }
      off={blind}
      onClick={() => attachment.setOption(option.id, !option.enabled)}
    >
      {option.label}
    </TextButton>
  );
}

/** The switches of a chip; what is rarely wanted stands in a menu until it is on. */
function Switches(props: {
  attachment: IAttachment;
  blind: string | null;
}): JSX.Element | null {
  const { attachment, blind } = props;
  const { trans } = usePanel();
  const { label, options } = attachment;
  const shown = options.filter(option => option.enabled || !option.minor);
  const more = options.filter(option => !option.enabled && option.minor);
  if (options.length < 2) {
    return null;
  }
  return (
    <span className="jp-gpt-Chip-options">
      {shown.map(option => (
        <Switch
          key={option.id}
          attachment={attachment}
          option={option}
          blind={blind}
        />
      ))}
      {more.length > 0 && (
        <MenuButton
          small
          className="jp-gpt-Chip-more"
          name={trans.__('More of %1', label)}
          icon={moreIcon}
          entries={() =>
            more.map(option => ({
              key: option.id,
              label: option.label,
              off: option.needs === 'images' ? blind : null,
              run: () => attachment.setOption(option.id, true)
            }))
          }
        />
      )}
    </span>
  );
}

/** What a chip is called, and what it says of itself. */
function ChipLabel(props: {
  attachment: IAttachment;
  blind: string | null;
}): JSX.Element {
  const { attachment } = props;
  const { trans } = usePanel();
  const { available, label, pending, thumbnail } = attachment;
  const [size, sizeTitle] = useSize(attachment);
  const blind = attachment.kind === 'image' ? props.blind : null;
  const note = [
    blind ?? pending ?? attachment.note,
    blind || pending ? '' : size
  ]
    .filter(text => text)
    .join(' · ');
  return (
    <TextButton
      look="quiet"
      small
      className="jp-gpt-Chip-label"
      title={[trans.__('Show %1', label), note, sizeTitle]
        .filter(text => text)
        .join('\n')}
      off={available ? null : note}
      onClick={() => attachment.reveal()}
    >
      {thumbnail ? (
        <img className="jp-gpt-Chip-thumbnail" src={thumbnail} alt="" />
      ) : (
        <Icon icon={chipIcon(attachment)} />
      )}
      <span className="jp-gpt-Chip-text">
        <span className="jp-gpt-Chip-name">{label}</span>
        {note && <span className="jp-gpt-Chip-note">{note}</span>}
      </span>
    </TextButton>
  );
}

/**
 * One chip: something that will go along with the prompt.
 */
export function Chip(props: { attachment: IAttachment }): JSX.Element {
  const { attachment } = props;
  const { composer, state, trans } = usePanel();
  useSignals(attachment.changed);
  const blind = useBlind();
  const { available, kind, label, pending, problem } = attachment;
  const stays = !available || (kind === 'image' && blind !== null);
  return (
    <div
      className={'jp-gpt-Chip' + (stays ? ' jp-gpt-mod-gone' : '')}
      role="group"
      aria-label={trans.__('Context: %1', label)}
      aria-busy={pending ? true : undefined}
    >
      <ChipLabel attachment={attachment} blind={blind} />
      {available && <Switches attachment={attachment} blind={blind} />}
      <IconButton
        small
        className="jp-gpt-Chip-remove"
        name={trans.__('Remove')}
        title={trans.__('Remove %1', label)}
        icon={closeIcon}
        onClick={() => {
          composer.remove(attachment.id);
          state.focusPrompt();
        }}
      />
      {problem && (
        <div className="jp-gpt-Chip-problem" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
