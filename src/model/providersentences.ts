import type { TranslationBundle } from '@jupyterlab/translation';
import { cannotReach, said } from './reasons';
import type { Detail, Sentence } from './sentence';

/**
 * What the model's endpoint did, or did not do.
 */
export const PROVIDER_SENTENCES = {
  no_model: t => [t.__('No model is chosen. Choose one.'), 'choose-model'],
  no_key: (t, d) => [
    t.__('%1 needs a key. Enter it in the settings.', host(t, d)),
    'settings'
  ],
  provider_bad_request: (t, d) => [
    said(
      t,
      d('setting') === 'base_url'
        ? t.__(
            '%1 does not know this address. Check the base URL in the settings.',
            host(t, d)
          )
        : d('setting')
          ? t.__(
              '%1 does not take the setting %2. Change it in the settings.',
              host(t, d),
              d('setting')
            )
          : t.__(
              '%1 refused the request. Check model and settings.',
              host(t, d)
            ),
      d('said')
    ),
    'settings'
  ],
  provider_auth: (t, d) => [
    t.__('%1 does not accept the key. Check it in the settings.', host(t, d)),
    'settings'
  ],
  provider_forbidden: (t, d) => [
    said(
      t,
      t.__(
        '%1 does not allow this with your key. Use another key or another model.',
        host(t, d)
      ),
      d('said')
    ),
    'settings'
  ],
  model_not_found: (t, d) => [
    d('model')
      ? t.__(
          '%1 does not have the model %2. Choose another one.',
          host(t, d),
          d('model')
        )
      : t.__('%1 does not have this model. Choose another one.', host(t, d)),
    'choose-model'
  ],
  prompt_too_long: t => [
    t.__(
      'This is longer than the model can read. Remove a chip, shorten the prompt, or start a new conversation.'
    ),
    'edit'
  ],
  provider_rate_limited: (t, d, e) => [
    e.retry_after
      ? t.__(
          '%1 takes no more requests for now. Try again in %2 s.',
          host(t, d),
          Math.ceil(e.retry_after)
        )
      : t.__(
          '%1 takes no more requests for now. Try again in a minute.',
          host(t, d)
        ),
    'retry'
  ],
  no_credit: (t, d) => [
    t.__(
      'There is no credit left on your account at %1. Add some there, or choose another model.',
      host(t, d)
    ),
    'choose-model'
  ],
  provider_unavailable: (t, d) => [
    t.__(
      '%1 has a problem of its own (HTTP %2). Try again in a moment.',
      host(t, d),
      d('status', '5xx')
    ),
    'retry'
  ],
  cannot_reach: (t, d) => [cannotReach(t, host(t, d), d('reason')), 'settings'],
  provider_silent: (t, d) => [
    t.__(
      '%1 did not answer within %2 s. It may have counted the question all the same. Try again, or choose another model.',
      host(t, d),
      d('seconds', '60')
    ),
    'retry'
  ],
  redirect_refused: (t, d) => [
    t.__(
      '%1 points to another address (%2). If you trust it, make it the base URL in the settings.',
      host(t, d),
      d('target', '?')
    ),
    'settings'
  ],
  stream_cut: (t, d) => [
    t.__(
      'The connection to %1 broke before the answer was whole. What had arrived is kept. Send the question again.',
      d('host', t.__('the provider'))
    ),
    'retry'
  ],
  stream_stalled: (t, d) => [
    t.__(
      '%1 stopped sending in the middle of the answer. What had arrived is kept. Send the question again.',
      host(t, d)
    ),
    'retry'
  ],
  not_a_stream: (t, d) => [
    said(
      t,
      t.__(
        '%1 did not answer like a model. Check the base URL in the settings.',
        host(t, d)
      ),
      d('said')
    ),
    'settings'
  ],
  malformed_stream: (t, d) => [
    t.__(
      '%1 sent something that cannot be read. What had arrived is kept. Send the question again.',
      host(t, d)
    ),
    'retry'
  ],
  provider_error: (t, d) => [
    said(t, t.__('%1 reported an error. Try again.', host(t, d)), d('said')),
    'retry'
  ],
  answer_too_large: t => [
    t.__('The answer is too large and was cut here. Ask for a part of it.')
  ],
  took_too_long: t => [
    t.__(
      'The answer took too long and was cut here. Ask for less, or choose a faster model.'
    ),
    'choose-model'
  ],
  empty_answer: t => [
    t.__('The model answered nothing. Ask again, or in other words.'),
    'retry'
  ]
} satisfies Record<string, Sentence>;

function host(trans: TranslationBundle, detail: Detail): string {
  return detail('host', trans.__('The provider'));
}
