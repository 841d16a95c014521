import type { IModelInfo } from '../protocol/frames';

/**
 * The most rows of the list. Providers name up to some hundreds of models; who does not find a
 * name among a hundred types a letter of it.
 */
const MOST_ROWS = 100;

/** A row of the model list. */
export interface IPick {
  readonly provider: string;
  readonly id: string;
  readonly label: string;
  /** Null for a name that was typed and that no list has. */
  readonly info: IModelInfo | null;
  readonly favourite: boolean;
}

/**
 * What a call costs that reads three times as much as it writes: a question about some cells and
 * an answer with code. Unknown is dearer than anything.
 */
function blend({ input_price, output_price }: IModelInfo): number {
  return input_price === null || output_price === null
    ? Infinity
    : 3 * Number(input_price) + Number(output_price);
}

/**
 * The cheapest first within each provider, and the models of this computer at the end.
 */
export function byPrice(models: readonly IModelInfo[]): IModelInfo[] {
  const providers = [...new Set(models.map(({ provider }) => provider))];
  const place = ({ local, provider }: IModelInfo): number =>
    (local ? providers.length : 0) + providers.indexOf(provider);
  return [...models].sort((a, b) => {
    const [one, other] = [blend(a), blend(b)];
    return place(a) - place(b) || (one === other ? 0 : one - other);
  });
}

/**
 * The rows for what was typed: those that start with it, those that contain it, and, if none is
 * exactly it, the name itself.
 *
 * @param list - All models.
 * @param query - What was typed; empty for all.
 * @param provider - Whom a name is sent to that no list has.
 * @param isFavourite - Whether a model stands on top, where nothing was typed.
 */
export function picksFor(
  list: readonly IModelInfo[],
  query: string,
  provider: string,
  isFavourite: (info: IModelInfo) => boolean = () => false
): IPick[] {
  const models = byPrice(list);
  const wanted = query.trim().toLowerCase();
  const row = (info: IModelInfo): IPick => ({
    provider: info.provider,
    id: info.id,
    label: info.label,
    info,
    favourite: isFavourite(info)
  });
  if (!wanted) {
    const rows = models.map(row);
    const first = rows.filter(({ favourite }) => favourite);
    const rest = rows.filter(({ favourite }) => !favourite);
    return [...first, ...rest].slice(0, MOST_ROWS);
  }
  const starts: IPick[] = [];
  const contains: IPick[] = [];
  let exact = false;
  for (const info of models) {
    const id = info.id.toLowerCase();
    const label = info.label.toLowerCase();
    exact = exact || id === wanted || label === wanted;
    if (id.startsWith(wanted) || label.startsWith(wanted)) {
      starts.push(row(info));
    } else if (id.includes(wanted) || label.includes(wanted)) {
      contains.push(row(info));
    }
  }
  // A whole name is meant before those that only begin with it.
  starts.sort((a, b) => a.id.length - b.id.length);
  const found = [...starts, ...contains].slice(0, MOST_ROWS);
  if (!exact) {
    const typed = query.trim();
    const own = {
      provider,
      id: typed,
      label: typed,
      info: null,
      favourite: false
    };
    // Enter takes the first row: what was typed whole, when nothing begins with it.
    return starts.length > 0 ? [...found, own] : [own, ...found];
  }
  return found;
}
