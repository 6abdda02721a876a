/**
 * What concurrent calls may have done: the same as one of them after the other, in some order.
 * Only a sweep and a reconciliation may do less: they pass over what another call has locked, and
 * of two sweeps one may leave the work to the other.
 */
import { isDeepStrictEqual } from "node:util";
import {
  apply,
  type Call,
  NOTHING_PASSED,
  PASSES,
  type Passed,
  type Reply,
  type World,
} from "./ledger-model.ts";

/** `first` runs beside `others`, which follow one another. */
export interface Step {
  readonly first: Call;
  readonly others: readonly Call[];
}

/** Replies in the order [first, ...others]. */
export interface Happened {
  readonly world: World;
  readonly replies: readonly Reply[];
}

interface Effect {
  readonly world: World;
  readonly reply: Reply;
}

/** Whether the ledger's rules allow what the database shows. */
export function isExplained(before: World, step: Step, seen: Happened): boolean {
  return possibilities(before, step).some((possible) => isDeepStrictEqual(possible, seen));
}

/** From the likely to the far-fetched. */
export function* possibilities(before: World, step: Step): Generator<Happened, undefined> {
  const calls = [step.first, ...step.others];
  for (const order of ordersOf(step)) {
    for (const { world, replies } of histories(before, order, step)) {
      yield { world, replies: calls.map((call) => replies.get(call) ?? null) };
    }
  }
}

function ordersOf({ first, others }: Step): Call[][] {
  return [...others, null].map((_, place) => others.toSpliced(place, 0, first));
}

type History = { readonly world: World; readonly replies: ReadonlyMap<Call, Reply> };

function* histories(before: World, order: readonly Call[], step: Step): Generator<History> {
  const last = order.at(-1);
  if (last === undefined) {
    yield { world: before, replies: new Map() };
    return;
  }
  const locks = last === step.first ? locksOf(before, step.others) : locksOf(before, [step.first]);
  for (const { world, replies } of histories(before, order.slice(0, -1), step)) {
    for (const effect of effectsOf(last, world, locks)) {
      yield { world: effect.world, replies: new Map(replies).set(last, effect.reply) };
    }
    const rival = last === step.first ? step.others : [step.first];
    if (last.call === "sweep" && rival.some(({ call }) => call === "sweep")) {
      const reply = { swept: false, ended: [], enqueue: [] };
      yield { world, replies: new Map(replies).set(last, reply) };
    }
  }
}

function* effectsOf(call: Call, world: World, locks: readonly string[][]): Generator<Effect> {
  for (const passed of waysToPass(call, locks)) yield apply(world, call, passed);
}

/** Every look of a sweep meets the locks of any of the calls beside it, or of none. */
function* waysToPass(call: Call, locks: readonly string[][]): Generator<Passed> {
  const looks =
    call.call === "sweep" ? PASSES : call.call === "reconcile" ? (["take"] as const) : [];
  const met = locks.reduce<string[][]>(
    (sets, names) => sets.flatMap((set) => [set, [...set, ...names]]),
    [[]],
  );
  const ways = looks.reduce<Passed[]>(
    (before, look) => met.flatMap((set) => before.map((way) => ({ ...way, [look]: new Set(set) }))),
    [NOTHING_PASSED],
  );
  yield* ways;
}

/** For each of the calls, in their order: the rows that it names, and those that it changes. */
function locksOf(before: World, calls: readonly Call[]): string[][] {
  let world = before;
  return calls.map((call) => {
    const after = apply(world, call).world;
    const named = [
      ...("run" in call ? [call.run] : []),
      ...("worker" in call ? [call.worker] : []),
    ];
    const changed = [...changes(world.runs, after.runs), ...changes(world.workers, after.workers)];
    world = after;
    return [...named, ...changed];
  });
}

function changes<Row>(before: Record<string, Row>, after: Record<string, Row>): string[] {
  return Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
