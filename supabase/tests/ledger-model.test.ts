/**
 * The ledger against its model: random sequences of calls, faults and kills, from two connections
 * at once. `LEDGER_SEQUENCES=1000` plays more of them, `LEDGER_SEED` the same ones again.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Turn, turns } from "./support/ledger-moves.ts";
import { createLedgerPlay, type Played } from "./support/ledger-play.ts";

const SEQUENCES = Number(process.env["LEDGER_SEQUENCES"] ?? 60);
const SEED = process.env["LEDGER_SEED"];

const ledger = await createLedgerPlay();
afterAll(() => ledger.close());

const isEnd = (state: string) => ["completed", "failed", "cancelled"].includes(state);

/** What must be true of any sequence, whatever the model says. */
function checkHistory({ world, moves }: Played): void {
  for (const history of Map.groupBy(moves, ({ run }) => run).values()) {
    expect(
      history.filter(({ to }) => isEnd(to)),
      "a run ends once",
    ).toHaveLength(1);
    const claims = history.filter(({ to }) => to === "active").map(({ attempt }) => attempt);
    expect(claims, "each claim is the next attempt").toEqual(claims.map((_, index) => index + 1));
    const attempts = history.map(({ attempt }) => attempt);
    expect(attempts, "an attempt never goes back").toEqual(attempts.toSorted((a, b) => a - b));
  }
  for (const run of Object.values(world.runs)) {
    expect(run.status, "an accepted run ends").not.toBe("running");
    if (run.cancelRequested) expect(run.status, "a cancel wins").not.toBe("completed");
    expect(Math.max(run.appRetries, run.infraRetries), "retries are bounded").toBeLessThan(4);
    expect(run.outcomes, "every attempt leaves a row").toHaveLength(run.attempt);
    expect(run.outcomes, "and an outcome").not.toContain(null);
  }
}

type Meeting = Extract<Turn, { first: unknown }>;
type Move = Meeting["first"];

const alone = (first: Move): Turn => ({ first, others: [], isHeld: false, isOneRun: false });
/** The first is decided, but not committed, when the others come. */
const meet = (first: Move, ...others: Move[]): Turn => ({
  first,
  others,
  isHeld: true,
  isOneRun: false,
});

const run = "run-0";
const worker = "worker-1";
const claim: Move = { call: "claim", run, worker };
const complete: Move = { call: "finalize", run, as: "completed", isStale: false };
const fail: Move = { call: "release", run, as: "failed", isStale: false };
const cancel: Move = { call: "cancel", run };
const lapse: Move = { call: "lapse", worker };
/** Of an old and living worker, which may take what others lost. */
const sweep: Move = { call: "sweep", worker: "worker-0", queueLost: false };
const reconcile: Move = { call: "reconcile", run, isHeard: false };

const MEETINGS: readonly (readonly [name: string, turns: readonly Turn[]])[] = [
  ["two claims", [meet(claim, { ...claim, worker: "worker-2" })]],
  ["a claim, the lapse of its worker and a sweep", [meet(claim, lapse, sweep)]],
  ["a completion and a cancel", [alone(claim), meet(complete, cancel)]],
  ["a cancel and a completion", [alone(claim), meet(cancel, complete)]],
  ["a completion and a second one", [alone(claim), meet(complete, complete)]],
  [
    "a completion and the sweep that takes the run",
    [alone(claim), alone(lapse), meet(complete, sweep)],
  ],
  [
    "a sweep and a completion that comes too late",
    [alone(claim), alone(lapse), meet(sweep, complete)],
  ],
  [
    "a completion past the deadline and a sweep",
    [alone(claim), alone({ call: "timeUp", run }), meet(complete, sweep)],
  ],
  [
    "a completion and a reconciliation that knows nothing of it",
    [alone(claim), alone({ call: "ageClaim", run }), meet(complete, reconcile)],
  ],
  ["two sweeps", [alone(claim), alone(lapse), meet(sweep, { ...sweep, worker: "worker-2" })]],
  [
    "a beat and the sweep that would lose its worker",
    [alone(lapse), meet({ call: "beat", worker }, sweep)],
  ],
  [
    "a sweep that loses a worker and that worker's beat",
    [alone(lapse), meet(sweep, { call: "beat", worker })],
  ],
  [
    "the third failure and a cancel",
    [claim, fail, claim, fail, claim].map(alone).concat(meet(fail, cancel)),
  ],
];

test.each(MEETINGS)("%s meet, and the outcome is that of one after the other", async (_, drawn) => {
  checkHistory(await ledger.play(drawn));
});

test(
  "whatever meets, every run ends once, by the rules, and no attempt is forgotten",
  async () => {
    await fc.assert(
      fc.asyncProperty(turns, async (drawn) => checkHistory(await ledger.play(drawn))),
      {
        numRuns: SEQUENCES,
        ...(SEED === undefined ? {} : { seed: Number(SEED) }),
      },
    );
  },
  30_000 + SEQUENCES * 1_000,
);
