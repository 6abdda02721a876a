/**
 * Damages some answers, as models do. Which ones, and how, follows from the seed and the answer
 * itself, so that the same request meets the same damage however often and in whatever order it
 * is made; what differs between two runs of the same request, ids and dates, does not count.
 */
import { newChance } from "./chance.ts";
import { DAMAGES } from "./damages.ts";

export interface Noise {
  /** The share of answers that are damaged, from 0 to 1. */
  readonly rate: number;
  readonly seed: string;
}

export type Turn = "answer" | "repair";

/** Asked to correct itself a model mostly does; this is how much less often it goes wrong then. */
const REPAIR_SHARE = 0.3;

const VARYING = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d/gi;
const BLOCK = /(```json:\w+\n)([\s\S]*?)(\n```)/g;

export function addNoise(answer: string, turn: Turn, { rate, seed }: Noise): string {
  if (rate === 0) return answer;
  const chance = newChance(seed, turn, answer.replaceAll(VARYING, ""));
  if (chance.next() >= (turn === "answer" ? rate : rate * REPAIR_SHARE)) return answer;
  const damage = DAMAGES[chance.pick(Object.keys(DAMAGES))];
  if (!damage) return answer;
  if (answer.startsWith("{")) return damage(answer);
  // An answer for people is damaged where the program reads it.
  return answer.replaceAll(BLOCK, (_, open: string, json: string, close: string) => {
    return open + damage(json) + close;
  });
}
