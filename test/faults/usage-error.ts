/** Mistakes in the command line, which are printed without a stack. */

export class UsageError extends Error {}

export function isUsageError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return error instanceof UsageError || code.startsWith("ERR_PARSE_ARGS_");
}

/** A whole number of at least one, from the option of this name. */
export function readCount(name: string, value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError(`--${name} must be a whole number of at least 1, not ${value}.`);
}

/** The seed of an earlier run, or a new one. */
export function readSeed(value: string | undefined): number {
  if (value === undefined) return Math.floor(Math.random() * 1e6);
  const seed = Number(value);
  if (Number.isInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`--seed must be a whole number, not ${value}.`);
}
