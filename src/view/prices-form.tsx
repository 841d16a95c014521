import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Pending } from './budget-settings';
import { TextButton } from './controls';
import { PriceFields } from './prices-row';
import type { IPriceRow, IPricesClient, Problems } from './prices-text';
import { moved, overrideOf, placeOf, problemsOf, rowOf } from './prices-text';
import { explain } from './providers-text';
import '../../style/usage-forms.css';

/** The options of the form. */
export interface IPricesFormOptions {
  readonly client: () => Promise<IPricesClient>;
  /** Called when the prices have changed on the server. */
  readonly onChanged: () => void;
  readonly trans: TranslationBundle;
}

/**
 * The user's own prices: read from and written to the server, never to the settings.
 */
export function PricesForm(props: IPricesFormOptions): JSX.Element {
  const { trans } = props;
  const prices = usePrices(props);
  const { rows } = prices;
  if (rows === null) {
    return (
      <Pending problem={prices.outcome} onRetry={prices.load} trans={trans} />
    );
  }
  return (
    <div className="jp-gpt-Fields">
      <p>
        {trans.__(
          'US dollars for a million tokens. The first price that fits a model counts; it goes before the price list.'
        )}
      </p>
      {rows.map((row, place) => (
        <PriceFields
          key={row.key}
          row={row}
          place={place}
          last={rows.length - 1}
          problems={prices.problems}
          onChange={next =>
            prices.edit(rows.map(it => (it === row ? next : it)))
          }
          onMove={by => prices.edit(moved(rows, place, by))}
          onRemove={() => prices.edit(rows.filter(it => it !== row))}
          trans={trans}
        />
      ))}
      <div className="jp-gpt-Fields-buttons">
        <TextButton onClick={() => prices.edit([...rows, rowOf()])}>
          {trans.__('Add a price')}
        </TextButton>
        <SaveButton prices={prices} trans={trans} />
      </div>
    </div>
  );
}

function SaveButton(props: {
  prices: IPrices;
  trans: TranslationBundle;
}): JSX.Element {
  const { prices, trans } = props;
  return (
    <>
      <TextButton
        look="primary"
        off={
          prices.busy
            ? trans.__('Saving…')
            : prices.dirty
              ? null
              : trans.__('Nothing has changed.')
        }
        onClick={() => void prices.save()}
      >
        {trans.__('Save prices')}
      </TextButton>
      <p
        role={prices.failed ? 'alert' : 'status'}
        className={prices.failed ? 'jp-gpt-Field-problem' : undefined}
      >
        {prices.outcome}
      </p>
    </>
  );
}

/** The prices while they are edited. */
interface IPrices {
  /** Null until the server has answered. */
  readonly rows: readonly IPriceRow[] | null;
  readonly problems: Problems;
  /** What came of the last action. */
  readonly outcome: string;
  readonly failed: boolean;
  readonly dirty: boolean;
  readonly busy: boolean;
  edit(rows: readonly IPriceRow[]): void;
  load(): Promise<void>;
  save(): Promise<void>;
}

function usePrices(props: IPricesFormOptions): IPrices {
  const { client, onChanged, trans } = props;
  const [rows, setRows] = React.useState<readonly IPriceRow[] | null>(null);
  const [problems, setProblems] = React.useState<Problems>({});
  const [{ outcome, failed }, say] = React.useState(SAID_NOTHING);
  const [dirty, setDirty] = React.useState(false);
  const [busy, setBusy] = React.useState(false);
  const latest = React.useRef(rows);
  latest.current = rows;
  // What the server had when it was read: another tab may have changed it since.
  const base = React.useRef('[]');
  const load = React.useCallback(async (): Promise<void> => {
    try {
      const { overrides } = await (await client()).prices();
      base.current = JSON.stringify(overrides);
      setRows(overrides.map(rowOf));
      say(SAID_NOTHING);
    } catch (reason) {
      say({ outcome: explain(reason, trans), failed: true });
    }
  }, [client, trans]);
  React.useEffect(() => {
    void load();
  }, [load]);
  const save = async (): Promise<void> => {
    const found = problemsOf(rows ?? [], trans);
    setProblems(found);
    if (Object.keys(found).length) {
      const text = trans.__('Nothing was saved: see the fields above.');
      say({ outcome: text, failed: true });
      return;
    }
    setBusy(true);
    try {
      const server = await client();
      const now = JSON.stringify((await server.prices()).overrides);
      if (now !== base.current) {
        base.current = now; // the next Save means it
        const outcome = trans.__(
          'The prices were changed elsewhere meanwhile. Save again to put these in their place.'
        );
        say({ outcome, failed: true });
        return;
      }
      const overrides = (rows ?? []).map(overrideOf);
      const stored = await server.putPrices({ overrides });
      base.current = JSON.stringify(stored.overrides);
      say({ outcome: trans.__('Saved.'), failed: false });
      // What was typed meanwhile stays, and is still to be saved.
      if (latest.current === rows) {
        setRows(stored.overrides.map(rowOf));
        setDirty(false);
      }
      onChanged();
    } catch (reason) {
      const place = placeOf(reason);
      const text = explain(reason, trans);
      setProblems(place ? { [place]: text } : {});
      say({ outcome: text, failed: true });
    } finally {
      setBusy(false);
    }
  };
  const edit = (next: readonly IPriceRow[]): void => {
    setRows(next);
    setDirty(true);
    setProblems({});
    say(SAID_NOTHING);
  };
  return { rows, problems, outcome, failed, dirty, busy, edit, load, save };
}

const SAID_NOTHING = { outcome: '', failed: false };
