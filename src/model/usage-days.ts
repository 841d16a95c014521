/**
 * Days (`2026-11-24`) and months (`2026-11`) as the wire writes them: in a calendar, without a
 * time, so that no time zone can shift them. They sort as strings.
 */

const DAY_MS = 86_400_000;

/** The day that it is in a time zone. */
export function dayIn(tz: string, now: Date): string {
  const parts: Record<string, string> = {};
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit'
  });
  for (const { type, value } of format.formatToParts(now)) {
    parts[type] = value;
  }
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** The time zone of the browser; UTC where it does not say. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** The month of a day. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** A month so many months later. */
export function shiftMonth(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The first day of a month. */
export function firstOf(month: string): string {
  return `${month}-01`;
}

/** The last day of a month. */
export function lastOf(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** All days of a month. */
export function daysOf(month: string): string[] {
  const count = Number(lastOf(month).slice(8));
  return Array.from(
    { length: count },
    (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`
  );
}

/** How many days a day lies after another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to) - noon(from)) / DAY_MS);
}

/** A day as a Date, to be formatted in UTC. */
export function asDate(day: string): Date {
  return new Date(noon(day.length === 7 ? firstOf(day) : day));
}

function noon(day: string): number {
  return Date.parse(`${day}T12:00:00Z`);
}
