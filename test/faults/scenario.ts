/** A fault as a test: what happens, and which guarantees it is about. All of them are checked. */
import type { GuaranteeId } from "../guarantees.ts";
import type { Arena, ArenaOptions } from "./arena.ts";
import type { Bounds } from "./check-history.ts";
import type { Client } from "./client.ts";
import type { Random } from "./random.ts";

export interface Stage {
  readonly arena: Arena;
  readonly client: Client;
  readonly random: Random;
  /** How long a worker may be silent before it is given up. */
  readonly leaseMs: number;
  /** Keeps a measured figure, to be printed with the outcome and published beside the table. */
  readonly say: (figure: string) => void;
}

export interface Scenario {
  /** As the catalogue numbers it. */
  readonly id: string;
  readonly title: string;
  readonly guarantees: readonly GuaranteeId[];
  readonly arena?: ArenaOptions;
  readonly bounds?: Partial<Bounds>;
  /** How often it is played unless asked otherwise, each time with the next seed; once if absent. */
  readonly repeats?: number;
  /** Why it cannot be played on this machine; null where it can. */
  readonly obstacle?: () => Promise<string | null> | string | null;
  /** Throws when something besides the guarantees is not as it should be. */
  readonly play: (stage: Stage) => Promise<void>;
}

/** The same fault at the times of production is a line of its own. */
export function nameOf({ id, arena }: Pick<Scenario, "id" | "arena">): string {
  return arena?.times === "default" ? `${id} at default times` : id;
}
