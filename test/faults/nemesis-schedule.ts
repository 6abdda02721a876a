/** A random schedule of faults. A seed makes the same schedule, independent of the system. */
import { newRandom, type Random } from "./random.ts";

/** The faults that can be injected. */
export const FAULTS = [
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

export type Fault = (typeof FAULTS)[number];

export interface PlannedFault {
  readonly fault: Fault;
  /** After the end of the fault before. */
  readonly pauseMs: number;
  /** The index of the affected process, modulo their number. */
  readonly victim: number;
}

export interface Pause {
  readonly least: number;
  readonly most: number;
}

/** Endless; the caller stops. */
export function* planFaults(seed: number, pause: Pause): Generator<PlannedFault, never> {
  const random: Random = newRandom(seed);
  for (;;) {
    const pauseMs = random.int(pause.least, pause.most);
    yield { fault: random.pick(FAULTS), pauseMs, victim: random.int(0, 59) };
  }
}
