/** Every case, in the order in which `npm run bench` runs them. */
import type { Case } from "./case.ts";
import { FIRST_TEXT } from "./first-text.ts";
import { IDLE } from "./idle-streams.ts";
import { LAG, PEERS } from "./lag.ts";
import { REPLAY } from "./replay.ts";
import { POLL, SUBMIT } from "./requests.ts";

export const CASES: readonly Case[] = [FIRST_TEXT, LAG, PEERS, SUBMIT, POLL, IDLE, REPLAY];
