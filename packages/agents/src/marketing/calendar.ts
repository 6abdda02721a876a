/** Whole days on the calendar, as `YYYY-MM-DD`, free of clocks and time zones. */
const DAY_MS = 86_400_000;

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** From the first day to the last, both included. */
export interface DaySpan {
  readonly startDate: string;
  readonly endDate: string;
}

export function isWithin({ startDate, endDate }: DaySpan, date: string): boolean {
  return startDate <= date && date <= endDate;
}

export function nearestDay({ startDate, endDate }: DaySpan, date: string): string {
  if (date < startDate) return startDate;
  return date > endDate ? endDate : date;
}
