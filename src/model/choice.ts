/**
 * Who is to answer.
 */
export interface IChoice {
  /** Null: the server's default. */
  readonly provider: string | null;
  /** Null: the provider's default. */
  readonly model: string | null;
}

/**
 * A choice as a key: the same name elsewhere is another model, with a price of its own.
 */
export function keyOf({ provider, model }: IChoice): string {
  return `${provider ?? ''} ${model ?? ''}`;
}
