import type { IBudget } from '../../protocol/frames';

/** A budget of five dollars. */
export function budget(spent: string, level: IBudget['level']): IBudget {
  return {
    limit: '5',
    cap: null,
    spent,
    reserved: '0',
    month: '2026-11',
    tz: 'UTC',
    level,
    unpriced: 0
  };
}
