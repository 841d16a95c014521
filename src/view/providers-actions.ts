import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type {
  ICheckRequest,
  IProviderInfo,
  IProviderPatch
} from '../protocol/frames';
import type { IProvidersClient } from './providers-text';
import type { HeadersPatch } from './providers-headers';
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
 * What stands in the fields.
 */
export interface IDraft {
  readonly name: string;
  readonly address: string;
  readonly key: string;
  /** Null where no header is changed. */
  readonly headers: HeadersPatch | null;
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
  draft: IDraft,
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
        const request = requestOf(draft, provider);
        // A new name alone is nothing that a provider could object to.
        const isRename = Object.keys(request).length === 0;
        const result =
          force || isRename ? null : await client.check(provider.id, request);
        if (result && !result.ok) {
          const text = explain(result.error, trans);
          return { kind: 'failed', text, canForce: true };
        }
        await store(client, provider, draft.name.trim(), request);
        onSaved();
        await props.onChanged();
        return {
          kind: 'ok',
          text: isRename ? trans.__('Saved.') : savedSentence(result, trans)
        };
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

/** What of the draft is new, as far as the provider can be asked about it. */
function requestOf(draft: IDraft, provider: IProviderInfo): ICheckRequest {
  const request: ICheckRequest = {};
  if (draft.address.trim() !== provider.base_url) {
    request.base_url = draft.address.trim();
  }
  if (draft.key.trim()) {
    request.key = draft.key;
  }
  if (draft.headers) {
    request.headers = draft.headers;
  }
  return request;
}

/** First the address: key and headers are bound to the host that they are saved for. */
async function store(
  client: IProvidersClient,
  provider: IProviderInfo,
  name: string,
  request: ICheckRequest
): Promise<void> {
  const { key, ...rest } = request;
  const patch: IProviderPatch = rest;
  if (name !== provider.name) {
    patch.name = name;
  }
  if (Object.keys(patch).length > 0) {
    await client.patchProvider(provider.id, patch);
  }
  if (key) {
    await client.putKey(provider.id, key);
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
