/** Every case, in the order in which `npm run bench` runs them. */
import type { Case } from "./case.ts";
import { LAG, PEERS } from "./lag.ts";

export const CASES: readonly Case[] = [LAG, PEERS];
