/** A fault as a test: what happens, and which guarantees it is about. All guarantees are checked. */
import type { GuaranteeId } from "../guarantees.ts";
import type { Arena, ArenaOptions } from "./arena.ts";
import type { Bounds } from "./check-history.ts";
import type { Client } from "./client.ts";
import type { Random } from "./random.ts";

export interface Stage {
  readonly arena: Arena;
  readonly client: Client;
  readonly random: Random;
  /** How long a worker may send no heartbeat before it is lost. */
  readonly leaseMs: number;
  /** Records a measurement, which is printed with the outcome and published below the table. */
  readonly report: (figure: string) => void;
}

export interface Scenario {
  /** Its number in the catalogue. */
  readonly id: string;
  readonly title: string;
  readonly guarantees: readonly GuaranteeId[];
  readonly arena?: ArenaOptions;
  readonly bounds?: Partial<Bounds>;
  /** The longest time that a reader may wait for its next event after a fault was over; 10 s if absent. */
  readonly recoverWithinMs?: number;
  /** How often it is played by default, each time with the next seed; once if absent. */
  readonly repeats?: number;
  /** Why it cannot be played on this machine; null if it can. */
  readonly obstacle?: () => Promise<string | null> | string | null;
  /** Throws when an expectation of the scenario itself is not met. */
  readonly play: (stage: Stage) => Promise<void>;
}

/** The same fault at the times of production has a row of its own. */
export function nameOf({ id, arena }: Pick<Scenario, "id" | "arena">): string {
  return arena?.times === "default" ? `${id} at default times` : id;
}
