/** One duration or limit of the system, as `docs/limits.md` lists it. */
export interface Limit {
  readonly name: string;
  /** For people: `15 s`, `256 KiB`, `500`. */
  readonly value: string;
  /** The comment above the constant; empty where there is none. */
  readonly reason: string;
  /** The file, from the root of the repository. */
  readonly path: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const KIB = 1_024;
const MIB = KIB * KIB;

const DURATIONS = [
  [HOUR, "h"],
  [MINUTE, "min"],
  [SECOND, "s"],
] as const;

/** Writes a number in the unit that the name ends in: `waitMs`, `POLL_SECONDS`, `maxBytes`. */
export function formatValue(name: string, value: number): string {
  if (/(_MS|Ms)$/.test(name)) return formatMilliseconds(value);
  if (/(_S|_SECONDS|Seconds)$/.test(name)) return formatMilliseconds(value * SECOND);
  if (/(_bytes|Bytes)$/i.test(name)) return formatBytes(value);
  return groupDigits(value);
}

function formatMilliseconds(value: number): string {
  const unit = DURATIONS.find(([size]) => value >= size && value % (size / 2) === 0);
  return unit ? `${value / unit[0]} ${unit[1]}` : `${groupDigits(value)} ms`;
}

function formatBytes(value: number): string {
  if (value >= MIB && value % MIB === 0) return `${value / MIB} MiB`;
  return value >= KIB && value % KIB === 0 ? `${value / KIB} KiB` : `${groupDigits(value)} bytes`;
}

/** `50 000`: groups of three with a space between, as in the rest of the documents. */
function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
