import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { cellIcon, errorIcon, notebookIcon, sparkIcon } from './icons';
import { usePanel } from './context';
import { Icon, TextButton } from './controls';

/**
 * What a new conversation shows: what to do, and three ways to begin.
 */
export function EmptyState(): JSX.Element {
  const { composer, notebook, state, trans } = usePanel();
  const examples: { icon: LabIcon; text: string; cell: boolean }[] = [
    {
      icon: cellIcon,
      text: trans.__('Explain what this cell does'),
      cell: true
    },
    {
      icon: errorIcon,
      text: trans.__('Find what is wrong in this cell'),
      cell: true
    },
    {
      icon: notebookIcon,
      text: trans.__('Load a CSV file and plot it'),
      cell: false
    }
  ];
  const begin = (text: string, cell: boolean): void => {
    const active = cell ? notebook?.active : null;
    const attachment = active && notebook?.attach(active);
    if (attachment) {
      composer.add(attachment);
    }
    composer.text = text;
    state.focusPrompt();
  };
  return (
    <div className="jp-gpt-Empty">
      <div className="jp-gpt-Empty-icon">
        <Icon icon={sparkIcon} />
      </div>
      <h3 className="jp-gpt-Empty-title">
        {trans.__('What are you working on?')}
      </h3>
      <p className="jp-gpt-Empty-text">
        {trans.__(
          'Ask about a cell, an error or an idea. Only your prompt and its chips are sent.'
        )}
      </p>
      <ul className="jp-gpt-Empty-examples">
        {examples.map(({ icon, text, cell }) => (
          <li key={text}>
            <TextButton
              className="jp-gpt-Empty-example"
              icon={icon}
              title={trans.__('Put this into the prompt box')}
              onClick={() => begin(text, cell)}
            >
              <span>{text}</span>
            </TextButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
