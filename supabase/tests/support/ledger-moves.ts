/**
 * What fast-check draws: moves of three workers and their users over three runs. A move names no
 * attempt; which one is meant is known when its turn comes.
 */
import fc from "fast-check";
import type { Call, Ended, ReleaseKind, World } from "./ledger-model.ts";
import type { Step } from "./ledger-orders.ts";

type Settlement = { readonly run: string; readonly isStale: boolean };

type Move =
  | Exclude<Call, { call: "finalize" | "release" | "reconcile" }>
  | (Settlement & { readonly call: "finalize"; readonly as: Ended })
  | (Settlement & { readonly call: "release"; readonly as: ReleaseKind })
  /** By the run's holder; without `isHeard` it has never heard of this run, else of all it has. */
  | { readonly call: "reconcile"; readonly run: string; readonly isHeard: boolean };

/** A worker that never calls again, or calls that meet. */
export type Turn =
  | { readonly kill: string }
  | {
      readonly first: Move;
      readonly others: readonly Move[];
      /** The first has been decided, but is not committed, when the others come. */
      readonly isHeld: boolean;
      /** They are about the run of the first. */
      readonly isOneRun: boolean;
    };

/** Few, and one of them more often than the others, so that calls meet. */
const run = fc.constantFrom("run-0", "run-0", "run-1", "run-2");
const worker = fc.constantFrom("worker-0", "worker-1", "worker-2");
const seldom = fc.constantFrom(false, false, false, true);

const is = <Name extends string>(name: Name) => fc.constant(name);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ call: is("create"), run }) },
  { weight: 8, arbitrary: fc.record({ call: is("claim"), run, worker }) },
  { weight: 3, arbitrary: fc.record({ call: is("beat"), worker }) },
  {
    weight: 5,
    arbitrary: fc.record({
      call: is("finalize"),
      run,
      as: fc.constantFrom<Ended[]>("completed", "failed", "cancelled"),
      isStale: seldom,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      call: is("release"),
      run,
      as: fc.constantFrom<ReleaseKind[]>("failed", "drain", "rate_limited"),
      isStale: seldom,
    }),
  },
  { weight: 4, arbitrary: fc.record({ call: is("cancel"), run }) },
  { weight: 6, arbitrary: fc.record({ call: is("sweep"), worker, queueLost: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ call: is("reconcile"), run, isHeard: seldom }) },
  { weight: 3, arbitrary: fc.record({ call: fc.constantFrom("lapse", "age"), worker }) },
  { weight: 4, arbitrary: fc.record({ call: is("ageClaim"), run }) },
  { weight: 1, arbitrary: fc.record({ call: is("timeUp"), run }) },
);

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kill: worker }) },
  {
    weight: 15,
    arbitrary: fc.record({
      first: move,
      others: fc.array(move, { maxLength: 2 }),
      isHeld: fc.boolean(),
      isOneRun: fc.boolean(),
    }),
  },
);

export const turns: fc.Arbitrary<Turn[]> = fc.array(turn, {
  minLength: 5,
  maxLength: 30,
  size: "max",
});

/** The calls that are made: none by a worker that was killed. Null when there is none at all. */
export function toStep(
  turn: Exclude<Turn, { kill: string }>,
  world: World,
  killed: ReadonlySet<string>,
): Step | null {
  const sameRun = turn.isOneRun && "run" in turn.first ? { run: turn.first.run } : {};
  const [first, ...others] = [turn.first, ...turn.others]
    .map((drawn) => ("run" in drawn ? { ...drawn, ...sameRun } : drawn))
    .filter((drawn) => !killed.has(callerOf(drawn, world) ?? ""))
    .map((drawn) => toCall(drawn, world));
  return first === undefined ? null : { first, others };
}

/** Faults befall the dead too; users always live. */
function callerOf(drawn: Move, world: World): string | null {
  switch (drawn.call) {
    case "finalize":
    case "release":
    case "reconcile":
      return world.runs[drawn.run]?.worker ?? null;
    case "claim":
    case "beat":
    case "sweep":
      return drawn.worker;
    default:
      return null;
  }
}

function toCall(drawn: Move, world: World): Call {
  if (drawn.call === "finalize" || drawn.call === "release") {
    const { isStale, ...settlement } = drawn;
    const attempt = (world.runs[drawn.run]?.attempt ?? 0) - (isStale ? 1 : 0);
    return { ...settlement, attempt };
  }
  if (drawn.call !== "reconcile") return drawn;
  const worker = world.runs[drawn.run]?.worker ?? "worker-0";
  const held = Object.entries(world.runs)
    .filter(
      ([name, { worker: holder }]) => holder === worker && (drawn.isHeard || name !== drawn.run),
    )
    .map(([name, { attempt }]) => ({ run: name, attempt }));
  return { call: "reconcile", worker, held };
}
