/**
 * The ledger in a page: what each call makes of runs and workers, one call at a time. Time does
 * not pass in it; faults say what time would have done.
 */
export type Ended = "completed" | "failed" | "cancelled";
export type ReleaseKind = "failed" | "drain" | "rate_limited";

export interface ModelRun {
  status: "running" | Ended;
  phase: "queued" | "active" | "done";
  attempt: number;
  appRetries: number;
  infraRetries: number;
  cancelRequested: boolean;
  worker: string | null;
  /** Why it was last put back. */
  reason: string | null;
  code: string | null;
  /** The sweep is to add its job. */
  due: boolean;
  timeUp: boolean;
  /** Claimed long enough ago for a reconciliation. */
  claimOld: boolean;
  /** Released by a reconciliation before, so that the next one counts. */
  replyLost: boolean;
  /** Of each attempt; null while it is open. */
  outcomes: (Ended | "released" | "lost" | null)[];
}

export interface ModelWorker {
  lapsed: boolean;
  /** Alive for a whole lease: may take from the lost. */
  old: boolean;
  lost: boolean;
}

export interface World {
  runs: Record<string, ModelRun>;
  workers: Record<string, ModelWorker>;
}

export type Call =
  | { readonly call: "create" | "cancel" | "timeUp" | "ageClaim"; readonly run: string }
  | { readonly call: "lapse" | "age"; readonly worker: string }
  | { readonly call: "beat"; readonly worker: string }
  | { readonly call: "claim"; readonly run: string; readonly worker: string }
  | Settle
  | { readonly call: "sweep"; readonly worker: string; readonly queueLost: boolean }
  | { readonly call: "reconcile"; readonly worker: string; readonly held: readonly Held[] };

type Settle =
  | {
      readonly call: "finalize";
      readonly run: string;
      readonly attempt: number;
      readonly as: Ended;
    }
  | {
      readonly call: "release";
      readonly run: string;
      readonly attempt: number;
      readonly as: ReleaseKind;
    };

interface Held {
  readonly run: string;
  readonly attempt: number;
}

export type Reply = string | boolean | null | Readonly<Record<string, unknown>>;

/** What a sweep or reconciliation passes over, because a concurrent call has it locked. */
export type Passed = Readonly<Record<(typeof PASSES)[number], ReadonlySet<string>>>;

export const PASSES = ["mark", "overdue", "take", "due"] as const;

const NOTHING: ReadonlySet<string> = new Set();
export const NOTHING_PASSED: Passed = {
  mark: NOTHING,
  overdue: NOTHING,
  take: NOTHING,
  due: NOTHING,
};

const MAX_RETRIES = 3;

/** Pure: the world after the call, and what the call answers. */
export function apply(
  before: World,
  call: Call,
  passed: Passed = NOTHING_PASSED,
): { world: World; reply: Reply } {
  const world = structuredClone(before);
  return { world, reply: answer(world, call, passed) };
}

function answer(world: World, call: Call, passed: Passed): Reply {
  switch (call.call) {
    case "create":
    case "cancel":
    case "timeUp":
    case "ageClaim":
      return answerUser(world, call);
    case "beat":
    case "lapse":
    case "age":
      return answerWorker(world, call);
    case "claim":
      return claim(world, call.run, call.worker);
    case "finalize":
    case "release":
      return settle(world.runs[call.run], call);
    case "sweep":
      return sweep(world, call, passed);
    case "reconcile":
      return reconcile(world, call, passed);
  }
}

function answerUser(world: World, { call, run: name }: { call: string; run: string }): Reply {
  const run = world.runs[name];
  if (call === "create") {
    world.runs[name] ??= newRun();
    return run === undefined;
  }
  if (!run) return call === "cancel" ? "missing" : null;
  if (call === "cancel") {
    if (run.status === "running") run.cancelRequested = true;
    if (run.phase === "queued") end(run, "cancelled");
    return run.status;
  }
  if (run.status === "running" && call === "timeUp") run.timeUp = true;
  if (run.phase === "active" && call === "ageClaim") run.claimOld = true;
  return null;
}

function newRun(): ModelRun {
  return {
    status: "running",
    phase: "queued",
    attempt: 0,
    appRetries: 0,
    infraRetries: 0,
    cancelRequested: false,
    worker: null,
    reason: null,
    code: null,
    due: false,
    timeUp: false,
    claimOld: false,
    replyLost: false,
    outcomes: [],
  };
}

function answerWorker(
  world: World,
  { call, worker: name }: { call: string; worker: string },
): Reply {
  const worker = world.workers[name];
  if (call === "lapse" && worker) worker.lapsed = true;
  if (call === "age" && worker) worker.old = true;
  if (call !== "beat") return null;
  if (worker?.lost) return { lost: true, held: 0, cancel: [] };
  world.workers[name] = {
    lapsed: false,
    old: worker?.old === true && !worker.lapsed,
    lost: false,
  };
  const held = Object.entries(world.runs).filter(([, run]) => isHeldBy(run, name));
  const cancel = namesOf(held.filter(([, run]) => run.cancelRequested));
  return { lost: false, held: held.length, cancel };
}

const isHeldBy = (run: ModelRun, worker: string) => run.phase === "active" && run.worker === worker;

function claim(world: World, name: string, workerName: string): Reply {
  const worker = world.workers[workerName];
  if (!worker || worker.lost || worker.lapsed) return "worker_lost";
  const run = world.runs[name];
  if (!run) return "missing";
  if (run.status !== "running") return run.status === "cancelled" ? "cancelled" : "terminal";
  if (run.phase === "active") return "held";
  if (run.timeUp) return "expired";
  run.phase = "active";
  run.attempt += 1;
  run.worker = workerName;
  run.due = false;
  run.claimOld = false;
  run.outcomes.push(null);
  return "claimed";
}

function settle(run: ModelRun | undefined, settlement: Settle): Reply {
  if (run?.phase !== "active" || run.attempt !== settlement.attempt) return false;
  if (settlement.call === "release" && settlement.as === "failed") run.appRetries += 1;
  if (run.cancelRequested) end(run, "cancelled");
  else if (settlement.call === "finalize") end(run, withoutCancel(settlement.as), "internal");
  else if (settlement.as !== "failed") putBack(run, settlement.as, false);
  else if (run.appRetries >= MAX_RETRIES) end(run, "failed", "gateway_error");
  else putBack(run, "gateway_error", false);
  return true;
}

/** Only a cancel cancels a run: without one, the report is a failure. */
function withoutCancel(as: Ended): Ended {
  return as === "cancelled" ? "failed" : as;
}

function sweep(
  world: World,
  { worker, queueLost }: { worker: string; queueLost: boolean },
  passed: Passed,
): Reply {
  const caller = world.workers[worker];
  const mayTake = caller !== undefined && !caller.lost && !caller.lapsed && caller.old;
  for (const [name, other] of Object.entries(world.workers)) {
    if (mayTake && other.lapsed && !passed.mark.has(name)) other.lost = true;
  }
  const runs = Object.entries(world.runs);
  const wasRunning = new Set(runs.filter(([, run]) => run.status === "running").map(([n]) => n));
  for (const [name, run] of runs) if (!passed.overdue.has(name)) endOverdue(run);
  for (const [name, run] of runs) {
    const isOrphan = run.phase === "active" && world.workers[run.worker ?? ""]?.lost === true;
    if (isOrphan && !passed.take.has(name)) takeFromLost(run);
  }
  if (queueLost) for (const [, run] of runs) run.due = run.phase === "queued";
  const due = runs.filter(([name, run]) => run.due && !passed.due.has(name));
  for (const [, run] of due) run.due = false;
  const ended = runs.filter(([name, { status }]) => wasRunning.has(name) && status !== "running");
  return { swept: true, ended: namesOf(ended), enqueue: namesOf(due) };
}

const namesOf = (runs: readonly [string, ModelRun][]) => runs.map(([name]) => name).sort();

function endOverdue(run: ModelRun): void {
  if (run.status !== "running" || !run.timeUp) return;
  if (run.cancelRequested) end(run, "cancelled");
  else end(run, "failed", run.attempt === 0 ? "expired" : "deadline_exceeded");
}

function takeFromLost(run: ModelRun): void {
  run.infraRetries += 1;
  closeAttempt(run, "lost");
  if (run.cancelRequested) end(run, "cancelled");
  else if (run.infraRetries >= MAX_RETRIES) end(run, "failed", "worker_lost");
  else putBack(run, "worker_lost", true);
}

function reconcile(
  world: World,
  { worker, held }: { worker: string; held: readonly Held[] },
  passed: Passed,
): Reply {
  const unheard = Object.entries(world.runs).filter(
    ([name, run]) =>
      isHeldBy(run, worker) &&
      run.claimOld &&
      !passed.take.has(name) &&
      !held.some((entry) => entry.run === name && entry.attempt === run.attempt),
  );
  for (const [, run] of unheard) {
    if (run.replyLost) run.infraRetries += 1;
    run.replyLost = true;
    closeAttempt(run, "lost");
    if (run.cancelRequested) end(run, "cancelled");
    else if (run.infraRetries >= MAX_RETRIES) end(run, "failed", "worker_lost");
    else putBack(run, "reply_lost", true);
  }
  return {
    ended: namesOf(unheard.filter(([, run]) => run.status !== "running")),
    released: namesOf(unheard.filter(([, run]) => run.status === "running")),
  };
}

function end(run: ModelRun, status: Ended, code: string | null = null): void {
  run.status = status;
  run.phase = "done";
  run.due = false;
  run.code = status === "failed" ? code : null;
  closeAttempt(run, status);
}

function putBack(run: ModelRun, reason: string, due: boolean): void {
  run.phase = "queued";
  run.worker = null;
  run.reason = reason;
  run.due = due;
  closeAttempt(run, "released");
}

function closeAttempt(run: ModelRun, outcome: Ended | "released" | "lost"): void {
  if (run.outcomes.at(-1) === null) run.outcomes[run.outcomes.length - 1] = outcome;
}
