import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ICheckRequest, IProviderInfo } from '../protocol/frames';
import type { IProvidersClient } from './providers-text';
import { explain, savedSentence } from './providers-text';

/**
 * One provider, and the way to the server.
 */
export interface IProviderFieldsProps {
  readonly provider: IProviderInfo;
  readonly client: () => Promise<IProvidersClient>;
  readonly trans: TranslationBundle;
  readonly onChanged: () => Promise<void>;
  /** Called instead once the provider is gone. */
  readonly onDropped: () => Promise<void>;
}

/**
 * What the last action came to.
 */
export interface IOutcome {
  readonly kind: 'busy' | 'ok' | 'failed';
  readonly text: string;
  /** Whether it failed in the check, so that saving all the same makes sense. */
  readonly canForce?: boolean;
}

/**
 * What the buttons of a provider do, and what came of it.
 */
export interface IActions {
  readonly outcome: IOutcome | null;
  /** Check, then save; `force` saves without a check. */
  save(force: boolean): Promise<void>;
  /** Remove the key. */
  remove(): Promise<void>;
  /** Remove the provider with its key, after a question. */
  drop(): Promise<void>;
}

/**
 * The actions of one provider's fields.
 */
export function useActions(
  props: IProviderFieldsProps,
  address: string,
  key: string,
  onSaved: () => void
): IActions {
  const { provider, trans } = props;
  const [outcome, setOutcome] = React.useState<IOutcome | null>(null);
  const attempt = async (action: () => Promise<IOutcome>): Promise<void> => {
    setOutcome({ kind: 'busy', text: trans.__('Checking…') });
    try {
      setOutcome(await action());
    } catch (reason) {
      setOutcome({ kind: 'failed', text: explain(reason, trans) });
    }
  };
  return {
    outcome,
    save: force =>
      attempt(async () => {
        const client = await props.client();
        const request: ICheckRequest = {};
        if (address.trim() !== provider.base_url) {
          request.base_url = address.trim();
        }
        if (key.trim()) {
          request.key = key;
        }
        const result = force ? null : await client.check(provider.id, request);
        if (result && !result.ok) {
          const text = explain(result.error, trans);
          return { kind: 'failed', text, canForce: true };
        }
        await store(client, provider.id, request);
        onSaved();
        await props.onChanged();
        return { kind: 'ok', text: savedSentence(result, trans) };
      }),
    remove: () =>
      attempt(async () => {
        await (await props.client()).deleteKey(provider.id);
        await props.onChanged();
        return { kind: 'ok', text: trans.__('The key is removed.') };
      }),
    drop: async () => {
      if (await isDropWanted(provider.name, trans)) {
        await attempt(async () => {
          await (await props.client()).deleteProvider(provider.id);
          await props.onDropped();
          return { kind: 'ok', text: '' };
        });
      }
    }
  };
}

/** First the address: a key is bound to the host that it is saved for. */
async function store(
  client: IProvidersClient,
  id: string,
  request: ICheckRequest
): Promise<void> {
  if (request.base_url !== undefined) {
    await client.patchProvider(id, { base_url: request.base_url });
  }
  if (request.key) {
    await client.putKey(id, request.key);
  }
}

/** Ask first: address and key cannot be brought back. */
async function isDropWanted(
  name: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Remove “%1”?', name),
    body: trans.__(
      'Its address and its key are forgotten. Conversations and their costs stay.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  return button.accept;
}
