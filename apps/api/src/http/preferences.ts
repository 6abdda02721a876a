/** Parses the preferences of a caller: waiting (`Prefer`, RFC 7240), the form of an answer (`Accept`). */

export interface Preferences {
  readonly respondAsync: boolean;
  /** Milliseconds that the caller wants to wait, capped at the maximum; null when not specified. */
  readonly waitMs: number | null;
}

export function parsePrefer(header: string | string[] | undefined, maxWaitMs: number): Preferences {
  const preferences = [header ?? []].flat().join(",").toLowerCase().split(/[,;]/);
  const names = preferences.map((preference) => preference.trim());
  const wait = names.map((name) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(name)?.[1]).find(Boolean);
  return {
    respondAsync: names.includes("respond-async"),
    waitMs: wait === undefined ? null : Math.min(Number(wait) * 1000, maxWaitMs),
  };
}

/** True when `Accept` names event streams explicitly and does not prefer JSON. */
export function prefersEventStream(accept: string | undefined): boolean {
  const stream = weightOf(accept, ["text/event-stream"]);
  return stream > 0 && stream >= weightOf(accept, ["application/json"]);
}

export function acceptsEventStream(accept: string | undefined): boolean {
  return accept === undefined || weightOf(accept, ["text/event-stream", "text/*", "*/*"]) > 0;
}

/** The type that `Accept` prefers; the first if it names none of them, or several alike. */
export function preferredType<Type extends string>(
  accept: string | undefined,
  types: readonly [Type, ...Type[]],
): Type {
  const weights = types.map((type) => weightOf(accept, [type]));
  return types[weights.indexOf(Math.max(...weights))] ?? types[0];
}

function weightOf(accept: string | undefined, types: readonly string[]): number {
  const weights = (accept ?? "").split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (!types.includes(type)) return 0;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  });
  return Math.max(...weights);
}
