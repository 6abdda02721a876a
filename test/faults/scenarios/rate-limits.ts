/** A gateway that limits the rate: when it is called again, and how runs that cannot wait end. */
import { randomUUID } from "node:crypto";
import type { Client } from "../client.ts";
import type { ObservedCall } from "../history.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, untilEnded } from "../steps.ts";

/** Shortened for runs that are released for this long, or use up their time. */
const SHORT_DELAY = { release_delay_max: "3 seconds", first_enqueue_after: "1 second" };
const SHORT_WORK = { work_limit: "12 seconds", end_grace: "1 second" };

interface Wait {
  readonly fault: string;
  /** From the refusal to the next call. */
  readonly ms: readonly [atLeast: number, atMost: number];
  readonly attempt: number;
}

/** A busy machine is late. Nothing is early, except for the difference of two clocks. */
const EARLY_MS = 20;
const LATE_MS = 1_500;
/** The wait without a valid Retry-After: half a second, plus or minus a quarter. */
const DEFAULT_WAIT_MS = [375, 625] as const;

const WAITS: readonly Wait[] = [
  { fault: "429-retry-after-once@2", ms: [2_000, 2_000], attempt: 1 },
  // A date has no fractions of a second.
  { fault: "429-retry-after-date-once@2", ms: [2_000, 3_000], attempt: 1 },
  { fault: "429-retry-after-negative-once", ms: DEFAULT_WAIT_MS, attempt: 1 },
  { fault: "429-retry-after-garbage-once", ms: DEFAULT_WAIT_MS, attempt: 1 },
  // Longer than a slot is held: released at once, for no longer than the policy allows.
  { fault: "429-retry-after-once@86400", ms: [3_000, 5_000], attempt: 2 },
];

async function waitAsAsked({ arena, client, report }: Stage): Promise<void> {
  const runs = await Promise.all(
    WAITS.map(async (wait) => ({ ...wait, ...(await startRun(client, { fault: wait.fault })) })),
  );
  for (const { fault, ms, attempt, runId } of runs) {
    const row = await untilEnded(arena, runId);
    const [waited] = waitsBetween(await arena.gateway.callsOf(runId));
    report(
      `${fault}: called again after ${waited ?? "no"} ms, ${row.status} in attempt ${row.attempt}`,
    );
    expect(
      row.status === "completed" && row.attempt === attempt,
      `${fault} completes in attempt ${attempt}, not ${row.status} ${row.errorCode ?? ""} in ${row.attempt}`,
    );
    expectWithin(waited, ms, fault);
  }
}

/** From each refusal to the call after it. */
function waitsBetween(calls: readonly ObservedCall[]): number[] {
  return calls
    .slice(1)
    .map(({ receivedAt }, index) => receivedAt - (calls[index]?.closedAt ?? Number.NaN));
}

function expectWithin(waited: number | undefined, [from, to]: Wait["ms"], what: string): void {
  const isIn = waited !== undefined && waited >= from - EARLY_MS && waited <= to + LATE_MS;
  expect(isIn, `${what} is waited out for ${from} to ${to} ms, not ${waited ?? "at all"}`);
}

/** The second pause is four times as long as the first; then the attempt releases the run. */
async function refuseWithoutEnd({ arena, client, report }: Stage): Promise<void> {
  const { runId } = await startRun(client, { fault: "429" });
  const impatient = await callAndWait(arena.apis[0]?.front.port ?? 0, client);
  expect(
    impatient.status === 429,
    `a caller that waits for the answer gets a 429, not ${impatient.status}`,
  );
  const theirs = await untilEnded(arena, impatient.runId);
  expect(
    theirs.errorCode === "rate_limited",
    `its run fails with rate_limited, not ${theirs.errorCode}`,
  );
  const asked = await arena.gateway.callsOf(impatient.runId);
  expect(asked.length === 1, `the gateway is called once for it, not ${asked.length} times`);

  const row = await untilEnded(arena, runId);
  const calls = await arena.gateway.callsOf(runId);
  const [first, second] = waitsBetween(calls.filter(({ attempt }) => attempt === 1));
  report(
    `called again after ${first} and ${second} ms; ${calls.length} calls in ${row.attempt} attempts`,
  );
  expectWithin(first, DEFAULT_WAIT_MS, "the first refusal");
  expectWithin(second, [1_500, 2_500], "the second refusal");
  // A rate limit uses up no attempts, so such a run ends by its time limit.
  expect(
    row.status === "failed" && row.errorCode === "deadline_exceeded",
    `a run that can wait fails with deadline_exceeded, not ${row.status} ${row.errorCode ?? ""}`,
  );
}

/** As the native routes do: the request stays open until the run has ended. */
async function callAndWait(
  port: number,
  { tenant }: Client,
): Promise<{ readonly status: number; readonly runId: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/functions/v1/cmo-plan-90day`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
    body: JSON.stringify({
      workspaceId: tenant.workspaceId,
      primaryGoal: `${randomUUID()} [[fault:429]]`,
    }),
  });
  await response.text();
  return { status: response.status, runId: response.headers.get("x-run-id") ?? "" };
}

export const RATE_LIMITS: readonly Scenario[] = [
  {
    id: "F40",
    title: "the gateway limits the rate without end",
    guarantees: ["G11"],
    arena: { runPolicy: SHORT_WORK },
    bounds: { attempts: 12 },
    play: refuseWithoutEnd,
  },
  {
    id: "F39",
    title: "the gateway limits the rate, with a valid or an invalid Retry-After",
    guarantees: ["G11"],
    arena: { runPolicy: SHORT_DELAY },
    play: waitAsAsked,
  },
];
