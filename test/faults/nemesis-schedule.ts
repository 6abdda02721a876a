/** A random schedule of troubles. A seed makes the same one whatever the system does meanwhile. */
import { newRandom, type Random } from "./random.ts";

/** What can be done to a system; each picks its victim by its own number. */
export const TROUBLES = [
  "kill a worker",
  "kill an API",
  "kill Redis",
  "restart Postgres",
  "freeze Redis",
  "stop a worker for a while",
  "empty Redis",
  "silence a worker's connections to Redis",
  "cut a worker off the gateway",
  "cut a worker off the database",
  "kill subscribers' connections",
  "silence the network to Redis for a while",
  "overload the database's API",
  "let the gateway fall silent",
] as const;

export type Trouble = (typeof TROUBLES)[number];

export interface PlannedTrouble {
  readonly trouble: Trouble;
  /** After the last one was over. */
  readonly pauseMs: number;
  /** Which of those it may befall, counted round. */
  readonly victim: number;
}

export interface Pause {
  readonly least: number;
  readonly most: number;
}

/** Never ends; whoever plays it does. */
export function* planTroubles(seed: number, pause: Pause): Generator<PlannedTrouble, never> {
  const random: Random = newRandom(seed);
  for (;;) {
    const pauseMs = random.int(pause.least, pause.most);
    yield { trouble: random.pick(TROUBLES), pauseMs, victim: random.int(0, 59) };
  }
}
