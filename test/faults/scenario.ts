/** A fault as a test: what happens, and which invariants it is about. All of them are checked. */
import type { Arena, ArenaOptions } from "./arena.ts";
import type { Bounds, Invariant } from "./check-history.ts";
import type { Client } from "./client.ts";
import type { Random } from "./random.ts";

export interface Stage {
  readonly arena: Arena;
  readonly client: Client;
  readonly random: Random;
}

export interface Scenario {
  /** As the catalogue numbers it. */
  readonly id: string;
  readonly title: string;
  readonly invariants: readonly Invariant[];
  readonly arena?: ArenaOptions;
  readonly bounds?: Partial<Bounds>;
  /** Throws when something besides the invariants is not as it should be. */
  readonly play: (stage: Stage) => Promise<void>;
}
