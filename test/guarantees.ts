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
   * True where the fault harness looks for violations of it in every history. The others are held
   * by unit, integration and security tests, and each of them by at least one sabotage.
   */
  readonly inHistory: boolean;
}

export const GUARANTEES = {
  G1: {
    sentence:
      "An accepted run ends in time. It completes unless the gateway failed or the run was cancelled, and every reader receives the ending.",
    covers: "runs",
    inHistory: true,
  },
  G2: {
    sentence:
      "A run is accepted only after it is committed. No byte of the response is sent before `create_run` has returned, and every accepted run is in the database.",
    covers: "runs",
    inHistory: true,
  },
  G3: {
    sentence: "A run ends once, by one conditional update.",
    covers: "runs",
    inHistory: true,
  },
  G4: {
    sentence: "An ended run never changes. A trigger refuses the update.",
    covers: "runs",
    inHistory: true,
  },
  G5: {
    sentence:
      "The attempt is the fence. Only Postgres issues it, every write of a worker carries it, nothing of a superseded attempt follows a newer one, and a new attempt withdraws the text of the one before.",
    covers: "runs",
    inHistory: true,
  },
  G6: {
    sentence:
      "A log has no gap and no duplicate, holds one attempt, and is closed after its run has ended.",
    covers: "streams",
    inHistory: true,
  },
  G7: {
    sentence:
      "Persist, then announce: an ending is logged and sent after the row has ended, and it is the ending of the row.",
    covers: "streams",
    inHistory: true,
  },
  G8: {
    sentence:
      "A reader that reconnects at its cursor misses nothing and receives nothing twice. All readers of a run receive the same events.",
    covers: "streams",
    inHistory: true,
  },
  G9: {
    sentence:
      "Every text that a reader holds equals the text of the row, which equals the bytes of the gateway.",
    covers: "streams",
    inHistory: true,
  },
  G10: {
    sentence:
      "Only a cancel cancels a run; a client that disconnects changes nothing. A run whose cancel was accepted never completes, and its connection to the gateway is closed.",
    covers: "runs",
    inHistory: true,
  },
  G11: {
    sentence: "The gateway is called as often as needed, and never after the run has ended.",
    covers: "gateway",
    inHistory: true,
  },
  G12: {
    sentence:
      "The usage is what the gateway reported: the last report of each call, added up over the calls of an attempt.",
    covers: "gateway",
    inHistory: true,
  },
  G13: {
    sentence: "An outage of Redis stops no run and loses no accepted run.",
    covers: "runs",
    inHistory: false,
  },
  G14: {
    sentence: "The clock of the database decides leases, limits and windows.",
    covers: "runs",
    inHistory: false,
  },
  G15: {
    sentence:
      "The API acts as its user under row-level security and holds no key that bypasses it. Workers hold one, and write only through the functions of the ledger.",
    covers: "access",
    inHistory: false,
  },
  G16: {
    sentence:
      "What the API refuses, the SQL function refuses too, because users can call it with the public key.",
    covers: "access",
    inHistory: false,
  },
  G17: {
    sentence: "One idempotency key of one user in one tenant names one run.",
    covers: "access",
    inHistory: true,
  },
  G18: {
    sentence:
      "Every query of a `cmo_*` table carries the workspace. A run of another tenant looks like an unknown run, and no text of one tenant reaches another.",
    covers: "access",
    inHistory: true,
  },
  G19: {
    sentence: "A job carries the id of a run and nothing else. A worker trusts nothing else.",
    covers: "access",
    inHistory: false,
  },
  G20: {
    sentence:
      "Every error that is sent has a code from the one table. A 5xx reveals nothing internal.",
    covers: "access",
    inHistory: false,
  },
  G21: {
    sentence: "No log line, event or response contains a secret.",
    covers: "access",
    inHistory: true,
  },
  G22: {
    sentence: "The readiness that a process reports is true.",
    covers: "processes",
    inHistory: true,
  },
  G23: {
    sentence: "A process that is asked to stop exits with code 0 within its grace period.",
    covers: "processes",
    inHistory: true,
  },
  G24: {
    sentence: "Connections, subscriptions and memory return to where they were before the load.",
    covers: "processes",
    inHistory: true,
  },
} as const satisfies Readonly<Record<string, Guarantee>>;

export type GuaranteeId = keyof typeof GUARANTEES;

/** Those that the checker of the fault harness can find violated. */
export type CheckedGuarantee = {
  [Id in GuaranteeId]: (typeof GUARANTEES)[Id]["inHistory"] extends true ? Id : never;
}[GuaranteeId];

export const GUARANTEE_IDS = Object.keys(GUARANTEES).filter(isGuaranteeId);

export function isGuaranteeId(id: string): id is GuaranteeId {
  return Object.hasOwn(GUARANTEES, id);
}
