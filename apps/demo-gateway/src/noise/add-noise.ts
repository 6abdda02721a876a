/**
 * Damages a share of the answers, as models do. The seed and the answer decide which ones, and how, so
 * that the same request always gets the same damage, in any order. Ids and dates, which differ
 * between runs of one request, are ignored.
 */
import { newChance } from "./chance.ts";
import { DAMAGES } from "./damages.ts";

export interface Noise {
  /** The share of answers that are damaged, from 0 to 1. */
  readonly rate: number;
  readonly seed: string;
}

export type Turn = "answer" | "repair";

/** A model that corrects itself fails less often: this is the factor. */
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
  // In an answer for people, only the blocks that the program reads are damaged.
  return answer.replaceAll(BLOCK, (_, open: string, json: string, close: string) => {
    return open + damage(json) + close;
  });
}
