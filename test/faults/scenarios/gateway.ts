/** A gateway that refuses, hangs, breaks off or talks nonsense, asked to by a marker. */
import type { Invariant } from "../check-history.ts";
import type { ObservedRow } from "../history.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, untilEnded } from "../steps.ts";

interface Expected {
  /** The markers, each played by a run of its own. */
  readonly faults: readonly string[];
  readonly ends: (row: ObservedRow) => boolean;
  readonly how: string;
}

function ask({ faults, ends, how }: Expected) {
  return async ({ arena, client }: Stage): Promise<void> => {
    const runs = await Promise.all(
      faults.map(async (fault) => ({ fault, ...(await startRun(client, { fault })) })),
    );
    for (const { fault, runId } of runs) {
      const row = await untilEnded(arena, runId);
      const ended = `${row.status} ${row.errorCode ?? ""} in attempt ${row.attempt}`;
      expect(ends(row), `a run whose gateway plays ${fault} ${how}, not ${ended}`);
    }
  };
}

function scenario(
  id: string,
  title: string,
  { invariants, ...expected }: Expected & { readonly invariants: readonly Invariant[] },
): Scenario {
  return { id, title, invariants, play: ask(expected) };
}

const completesIn = (attempt: number) => ({
  ends: (row: ObservedRow) => row.status === "completed" && row.attempt === attempt,
  how: `completes in attempt ${attempt}`,
});
const failsWith = (code: string) => ({
  ends: (row: ObservedRow) => row.status === "failed" && row.errorCode === code,
  how: `fails with ${code}`,
});

/** The ten minutes that a run may work, shortened for those that use them up. */
const SHORT_WORK = { work_limit: "12 seconds", end_grace: "1 second" };

export const GATEWAY_FAULTS: readonly Scenario[] = [
  {
    ...scenario("F40", "the gateway limits the rate for ever", {
      invariants: ["I9"],
      faults: ["429"],
      ends: ({ status }) => status === "failed",
      how: "fails",
    }),
    arena: { runPolicy: SHORT_WORK },
    bounds: { attempts: 12 },
  },
  {
    ...scenario("F48", "the gateway drips", {
      invariants: ["I1"],
      faults: ["slow@1"],
      ...failsWith("deadline_exceeded"),
    }),
    arena: { runPolicy: SHORT_WORK },
  },
  scenario("F37", "the gateway sends characters that no database can hold", {
    invariants: ["I1", "I7"],
    faults: ["odd-characters"],
    ends: ({ status }) => status !== "running",
    how: "ends",
  }),
  scenario("F38", "the gateway sends far too much text", {
    invariants: ["I1", "I13"],
    faults: ["huge"],
    ends: ({ status, truncated }) => status === "failed" && truncated,
    how: "fails truncated",
  }),
  scenario("F39", "the gateway limits the rate and says for how long", {
    invariants: ["I9"],
    faults: ["429-retry-after-once@2"],
    ...completesIn(1),
  }),
  scenario("F41", "the gateway wants to be paid", {
    invariants: ["I9"],
    faults: ["402"],
    ...failsWith("payment_required"),
  }),
  scenario("F43", "the gateway answers 500 or 502 once", {
    invariants: ["I7", "I9"],
    faults: ["500-once", "502-html-once"],
    ...completesIn(1),
  }),
  scenario("F44", "the gateway takes a request and never answers", {
    invariants: ["I1", "I13"],
    faults: ["hang-before-headers-once"],
    ...completesIn(1),
  }),
  scenario("F45", "the gateway begins to answer and says nothing", {
    invariants: ["I1"],
    faults: ["hang-mid-stream-once@0"],
    ...completesIn(1),
  }),
  scenario("F46", "the gateway falls silent in the middle of the text", {
    invariants: ["I1", "I7"],
    faults: ["hang-mid-stream-once@30"],
    ...completesIn(2),
  }),
  scenario("F49", "the gateway's stream ends in the middle as if all were well", {
    invariants: ["I7", "I8"],
    faults: ["truncated-once"],
    ...completesIn(2),
  }),
  scenario("F50", "the gateway stops for another reason than being done", {
    invariants: ["I8"],
    faults: ["length", "content-filter"],
    ends: ({ status }) => status === "failed",
    how: "fails",
  }),
  scenario("F51", "the gateway reports an error inside its stream", {
    invariants: ["I8", "I16"],
    faults: ["error-mid-stream-once"],
    ...completesIn(2),
  }),
  scenario("F52", "the gateway sends a malformed line among good ones", {
    invariants: ["I7", "I15"],
    faults: ["bad-json-line-once"],
    ends: ({ status }) => status === "completed",
    how: "completes",
  }),
  scenario("F53", "the gateway's connection is reset or cut in the middle of the text", {
    invariants: ["I1", "I7"],
    faults: ["reset-mid-stream-once", "cut-mid-stream-once"],
    ...completesIn(2),
  }),
];
