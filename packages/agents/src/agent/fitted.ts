/**
 * A value with the findings that led to it. Every step of a `finish` returns one: the same value if
 * nothing had to change, otherwise a new value and a finding that says so.
 */
import type { Finding } from "./finding.ts";

export interface Fitted<Value> {
  readonly value: Value;
  readonly findings: readonly Finding[];
}

export function fitted<Value>(value: Value, ...findings: readonly Finding[]): Fitted<Value> {
  return { value, findings };
}

/** Passes the value through the steps, in order. */
export function fitInSteps<Value>(
  given: Value,
  steps: readonly ((value: Value) => Fitted<Value>)[],
): Fitted<Value> {
  return steps.reduce<Fitted<Value>>(({ value, findings }, step) => {
    const next = step(value);
    return { value: next.value, findings: [...findings, ...next.findings] };
  }, fitted(given));
}

/** Fits each item on its own; the findings are in the order of the items. */
export function fitEach<Item, Result = Item>(
  items: readonly Item[],
  fit: (item: Item, index: number) => Fitted<Result>,
): Fitted<Result[]> {
  const all = items.map(fit);
  return {
    value: all.map(({ value }) => value),
    findings: all.flatMap(({ findings }) => findings),
  };
}
