import type { TranslationBundle } from '@jupyterlab/translation';
import { dollars, isZero, monthName } from './money';
import type { Detail, Sentence } from './sentence';

/** The month of a refusal: this one, unless the server says otherwise. */
function month(detail: Detail): string {
  const now = new Date();
  const number = String(now.getMonth() + 1).padStart(2, '0');
  return monthName(detail('month', `${now.getFullYear()}-${number}`));
}

/** What of the month's money is held back by answers that are being written. */
function held(trans: TranslationBundle, detail: Detail): string {
  const reserved = detail('reserved', '0');
  return isZero(reserved)
    ? ''
    : ' ' +
        trans.__(
          '%1 more is held for answers that are being written.',
          dollars(reserved)
        );
}

/** What something would cost, and how much of the month's money is gone. */
const overBudget: Sentence = (t, d) => {
  const [needed, spent, limit] = [d('needed'), d('spent'), d('limit')];
  if (!spent || !limit) {
    return [
      t.__(
        'This would pass your budget for the month, so nothing was sent. Raise the budget or choose a cheaper model.'
      )
    ];
  }
  const gone = [dollars(spent), dollars(limit), month(d)];
  return [
    (needed
      ? t.__(
          'This would cost up to %4; %1 of your %2 budget for %3 is spent.',
          ...gone,
          dollars(needed)
        )
      : t.__('Your budget for %3 is spent: %1 of %2.', ...gone)) + held(t, d)
  ];
};

/** The same for the administrator's limit, which only the administrator can raise. */
const overCap: Sentence = (t, d) => {
  const [needed, spent, cap] = [d('needed'), d('spent'), d('cap')];
  const action = d('cheaper_model') ? undefined : 'choose-model';
  if (!needed || !spent || !cap) {
    return [
      t.__(
        'This would pass the limit that the administrator has set for the month, so nothing was sent.'
      ),
      action
    ];
  }
  return [
    t.__(
      'This would cost up to %1; %2 of the %3 that the administrator has set for %4 is spent. This limit cannot be raised here.',
      dollars(needed),
      dollars(spent),
      dollars(cap),
      month(d)
    ) + held(t, d),
    action
  ];
};

/**
 * Why something was not sent because of what it costs.
 */
export const MONEY_SENTENCES = {
  over_budget: overBudget,
  over_cap: overCap,
  unpriced: (t, d) => [
    t.__(
      'The price of %1 is not known, so it would not count in your budget. Nothing was sent yet.',
      d('model', t.__('this model'))
    ),
    'choose-model'
  ],
  unpriced_refused: (t, d) => [
    t.__(
      'The price of %1 is not known, and the administrator has set a limit for the month. Choose a model whose price is known.',
      d('model', t.__('this model'))
    ),
    'choose-model'
  ]
} satisfies Record<string, Sentence>;
