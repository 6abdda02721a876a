/**
 * What the system guarantees. ARCHITECTURE.md, docs/fault-matrix.md, the checker of the fault
 * harness, the sabotages and the marker comments in the sources (`// guards G5`) take their numbers
 * from this list. After a change, run `npm run docs:guarantees`.
 */

interface Guarantee {
  /** As it is printed, in plain sentences. */
  readonly sentence: string;
  /** The part of the system that it is about. */
  readonly covers: "runs" | "streams" | "gateway" | "access" | "processes";
  /**
   * `history`: the fault harness looks for violations in every history. `scenarios`: the faults that
   * concern it are played, and what they expect holds it. `tests`: unit, integration and security
   * tests hold it. Each guarantee also has at least one sabotage.
   */
  readonly checkedIn: "history" | "scenarios" | "tests";
}

export const GUARANTEES = {
  G1: {
    sentence:
      "An accepted run ends in time. It completes, is cancelled, or fails for the reason that its error code names, and every reader receives the ending.",
    covers: "runs",
    checkedIn: "history",
  },
  G2: {
    sentence:
      "A run is accepted only after it is committed. No byte of the response is sent before `create_run` has returned, and every accepted run is in the database.",
    covers: "runs",
    checkedIn: "history",
  },
  G3: {
    sentence: "A run ends once, under the lock of its row.",
    covers: "runs",
    checkedIn: "history",
  },
  G4: {
    sentence: "An ended run never changes. A trigger refuses the update.",
    covers: "runs",
    checkedIn: "history",
  },
  G5: {
    sentence:
      "The attempt is the fence. Only Postgres issues it, every write of a worker carries it, nothing of a superseded attempt follows a newer one, and a new attempt withdraws the text of the one before.",
    covers: "runs",
    checkedIn: "history",
  },
  G6: {
    sentence:
      "A log has no gap and no duplicate, holds one attempt, and is closed after its run has ended.",
    covers: "streams",
    checkedIn: "history",
  },
  G7: {
    sentence:
      "Persist, then announce: an ending is logged and sent after the row has ended, and it is the ending of the row.",
    covers: "streams",
    checkedIn: "history",
  },
  G8: {
    sentence:
      "A reader that reconnects at its cursor misses nothing and receives nothing twice. All readers of a run end with the same text and the same ending.",
    covers: "streams",
    checkedIn: "history",
  },
  G9: {
    sentence:
      "Every text that a reader holds equals the text of the row, which equals the visible part of the gateway's bytes, up to the size limit.",
    covers: "streams",
    checkedIn: "history",
  },
  G10: {
    sentence:
      "Only a cancel cancels a run; a client that disconnects changes nothing. A run whose cancel was accepted never completes, and its connection to the gateway is closed.",
    covers: "runs",
    checkedIn: "history",
  },
  G11: {
    sentence:
      "The gateway is called only for an attempt that holds its run, and never after the run has ended.",
    covers: "gateway",
    checkedIn: "history",
  },
  G12: {
    sentence:
      "The usage is what the gateway reported: the last report of each call, added up over the calls of an attempt.",
    covers: "gateway",
    checkedIn: "history",
  },
  G13: {
    sentence: "An outage of Redis stops no run and loses no accepted run.",
    covers: "runs",
    checkedIn: "scenarios",
  },
  G14: {
    sentence: "The clock of the database decides leases, limits and windows.",
    covers: "runs",
    checkedIn: "scenarios",
  },
  G15: {
    sentence:
      "The API acts as the calling user under row-level security and holds no key that bypasses it. Workers hold such a key, and write only through the functions of the ledger.",
    covers: "access",
    checkedIn: "tests",
  },
  G16: {
    sentence:
      "What the API refuses, the SQL function refuses too, because users can call it with the public key.",
    covers: "access",
    checkedIn: "tests",
  },
  G17: {
    sentence: "One idempotency key of one user in one tenant names one run.",
    covers: "access",
    checkedIn: "history",
  },
  G18: {
    sentence:
      "Every query of a `cmo_*` table carries the workspace. A run of another tenant looks like an unknown run, and no text of one tenant reaches another.",
    covers: "access",
    checkedIn: "history",
  },
  G19: {
    sentence: "A job carries the id of a run and nothing else. A worker trusts nothing else.",
    covers: "access",
    checkedIn: "tests",
  },
  G20: {
    sentence:
      "Every error that is sent has a code from the one table. A 5xx reveals nothing internal.",
    covers: "access",
    checkedIn: "tests",
  },
  G21: {
    sentence: "No log line, event or response contains a secret.",
    covers: "access",
    checkedIn: "history",
  },
  G22: {
    sentence: "The readiness that a process reports is true.",
    covers: "processes",
    checkedIn: "history",
  },
  G23: {
    sentence: "A process that is asked to stop exits with code 0 within its grace period.",
    covers: "processes",
    checkedIn: "history",
  },
  G24: {
    sentence: "Connections, subscriptions and memory return to where they were before the load.",
    covers: "processes",
    checkedIn: "history",
  },
  G25: {
    sentence:
      "Every call of the gateway is counted: every attempt after the first has a counted failure, a counted loss, a drain, a rate limit or a first lost reply before it, and an attempt calls no more often than its retries before the first text and its one repair turn allow.",
    covers: "gateway",
    checkedIn: "history",
  },
  G26: {
    sentence:
      "An edit loses nothing: what was in a row of a workspace before any change, and who changed it when, is kept as a version and can be restored. What was approved is a draft again when it changes.",
    covers: "access",
    checkedIn: "tests",
  },
  G27: {
    sentence:
      "Runs are claimed in turn. While several tenants wait, each gets the time of slots by its weight, whatever the others submit and however long their runs are, and runs no more than its cap at once. No slot is free while anybody waits.",
    covers: "runs",
    checkedIn: "tests",
  },
  G28: {
    sentence:
      "What one worker learns of a gateway holds for the pool. After a rate limit the pool asks at most once a second until an answer begins, and then starts no more runs than the lane allows; no run loses an attempt by it.",
    covers: "gateway",
    checkedIn: "tests",
  },
} as const satisfies Readonly<Record<string, Guarantee>>;

export type GuaranteeId = keyof typeof GUARANTEES;

/** Those that the checker of the fault harness can find violated. */
export type CheckedGuarantee = {
  [Id in GuaranteeId]: (typeof GUARANTEES)[Id]["checkedIn"] extends "history" ? Id : never;
}[GuaranteeId];

export const GUARANTEE_IDS = Object.keys(GUARANTEES).filter(isGuaranteeId);

export function isGuaranteeId(id: string): id is GuaranteeId {
  return Object.hasOwn(GUARANTEES, id);
}
