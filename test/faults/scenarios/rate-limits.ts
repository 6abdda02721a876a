/** A gateway that is asked too often: when it is asked again, and what becomes of who cannot wait. */
import { randomUUID } from "node:crypto";
import type { Client } from "../client.ts";
import type { ObservedCall } from "../history.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, untilEnded } from "../steps.ts";

/** Shortened for runs that are put back for as long as that, or use up all their time. */
const SHORT_DELAY = { release_delay_max: "3 seconds", first_enqueue_after: "1 second" };
const SHORT_WORK = { work_limit: "12 seconds", end_grace: "1 second" };

interface Wait {
  readonly fault: string;
  /** Between the refusal and the next call. */
  readonly ms: readonly [atLeast: number, atMost: number];
  readonly attempt: number;
}

/** A busy machine is late; nothing is ever early, but for the two clocks' milliseconds. */
const EARLY_MS = 20;
const LATE_MS = 1_500;
/** Half a second, less or more by a quarter: the wait where nobody says how long. */
const UNTOLD_MS = [375, 625] as const;

const WAITS: readonly Wait[] = [
  { fault: "429-retry-after-once@2", ms: [2_000, 2_000], attempt: 1 },
  // A date has no fractions of a second.
  { fault: "429-retry-after-date-once@2", ms: [2_000, 3_000], attempt: 1 },
  { fault: "429-retry-after-negative-once", ms: UNTOLD_MS, attempt: 1 },
  { fault: "429-retry-after-garbage-once", ms: UNTOLD_MS, attempt: 1 },
  // Longer than a slot is held for: put back at once, and for no longer than the policy allows.
  { fault: "429-retry-after-once@86400", ms: [3_000, 5_000], attempt: 2 },
];

async function waitAsTold({ arena, client, say }: Stage): Promise<void> {
  const runs = await Promise.all(
    WAITS.map(async (wait) => ({ ...wait, ...(await startRun(client, { fault: wait.fault })) })),
  );
  for (const { fault, ms, attempt, runId } of runs) {
    const row = await untilEnded(arena, runId);
    const [waited] = waitsBetween(await arena.gateway.callsOf(runId));
    say(
      `${fault}: asked again after ${waited ?? "no"} ms, ${row.status} in attempt ${row.attempt}`,
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

/** The first pause grows to the second, four times as long; then the attempt gives the run back. */
async function refuseForEver({ arena, client, say }: Stage): Promise<void> {
  const { runId } = await startRun(client, { fault: "429" });
  const impatient = await callAndWait(arena.apis[0]?.front.port ?? 0, client);
  expect(impatient.status === 429, `who waits for the answer gets a 429, not ${impatient.status}`);
  const theirs = await untilEnded(arena, impatient.runId);
  expect(theirs.errorCode === "rate_limited", `theirs is rate_limited, not ${theirs.errorCode}`);
  const asked = await arena.gateway.callsOf(impatient.runId);
  expect(asked.length === 1, `the gateway is asked once for them, not ${asked.length} times`);

  const row = await untilEnded(arena, runId);
  const calls = await arena.gateway.callsOf(runId);
  const [first, second] = waitsBetween(calls.filter(({ attempt }) => attempt === 1));
  say(
    `asked again after ${first} and ${second} ms; ${calls.length} calls in ${row.attempt} attempts`,
  );
  expectWithin(first, UNTOLD_MS, "the first refusal");
  expectWithin(second, [1_500, 2_500], "the second refusal");
  // A limit is nobody's fault: it uses up no attempts, so what ends such a run is its time.
  expect(
    row.status === "failed" && row.errorCode === "deadline_exceeded",
    `who can wait is told deadline_exceeded, not ${row.status} ${row.errorCode ?? ""}`,
  );
}

/** As the first clients do: the request is open until there is an answer. */
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
    title: "the gateway limits the rate for ever",
    guarantees: ["G11"],
    arena: { runPolicy: SHORT_WORK },
    bounds: { attempts: 12 },
    play: refuseForEver,
  },
  {
    id: "F39",
    title: "the gateway limits the rate and says for how long, or nonsense",
    guarantees: ["G11"],
    arena: { runPolicy: SHORT_DELAY },
    play: waitAsTold,
  },
];
