const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const dayMs = 86_400_000;

/** The Unix milliseconds at which a day of the calendar (`2027-01-31`, UTC) begins; undefined for what is none. */
export function parseDay(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const length = (monthLengths[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (year < 1970 || day < 1 || day > length) return undefined;
  let days = day - 1;
  for (let past = 1; past < month; past++) days += (monthLengths[past - 1] ?? 0) + (past === 2 && isLeap(year) ? 1 : 0);
  for (let past = 1970; past < year; past++) days += isLeap(past) ? 366 : 365;
  return days * dayMs;
}

/** The first Unix millisecond behind a day. */
export function endOfDay(text: string): number | undefined {
  const start = parseDay(text);
  return start === undefined ? undefined : start + dayMs;
}

/** The day of a time in Unix milliseconds, UTC: `2027-01-31`. */
export function dayOf(ms: number): string {
  return isoTime(ms).slice(0, 10);
}

/** A time in Unix milliseconds as ISO 8601 in UTC. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
export function isoTime(ms: number): string {
  const days = Math.floor(ms / dayMs);
  const rest = ms - days * dayMs;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time}.${String(Math.floor(rest % 1000)).padStart(3, "0")}Z`;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
