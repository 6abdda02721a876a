/** Every case, in the order in which `npm run bench` runs them. */
import type { Case } from "./case.ts";
import { FIRST_TEXT } from "./first-text.ts";
import { GROWTH } from "./growth.ts";
import { IDLE_COSTS } from "./idle-costs.ts";
import { IDLE } from "./idle-streams.ts";
import { LAG, PEERS } from "./lag.ts";
import { RAW } from "./raw-limits.ts";
import { REPLAY } from "./replay.ts";
import { POLL, SUBMIT } from "./requests.ts";
import { WORKERS } from "./workers.ts";

export const CASES: readonly Case[] = [
  RAW,
  FIRST_TEXT,
  LAG,
  PEERS,
  SUBMIT,
  POLL,
  IDLE,
  WORKERS,
  REPLAY,
  GROWTH,
  IDLE_COSTS,
];
