/**
 * What an attempt leaves in its row of how its answer was won: each rung of the validation ladder
 * that was tried, and each call of the gateway.
 */
import { z } from "zod";
import { usageSchema } from "./run.ts";

/** From the cheapest to the dearest. */
const LADDER_RUNGS = ["parse", "jsonrepair", "schema", "finish", "repair_turn"] as const;

export type LadderRung = (typeof LADDER_RUNGS)[number];

const counts = z.record(z.string(), z.int().positive());

export const rungResultSchema = z.object({
  /** 1 is the answer, 2 its correction in the repair turn. */
  answer: z.int().min(1).max(2),
  rung: z.enum(LADDER_RUNGS),
  /**
   * `finish` is passed with no finding left open, `repair_turn` when its answer took the place of
   * the first.
   */
  passed: z.boolean(),
  /** Findings by kind: those put right, and those that were not. */
  fixed: counts.optional(),
  open: counts.optional(),
});

export type RungResult = Readonly<z.infer<typeof rungResultSchema>>;

export const attemptCallSchema = z.object({
  /** As in the `x-request-id`, from 1. */
  call: z.int().positive(),
  purpose: z.enum(["answer", "repair"]),
  /** What answered; null when the gateway did not get that far. */
  model: z.string().nullable(),
  /** As the gateway last reported it; null when it never did. */
  usage: usageSchema.nullable(),
});

export type AttemptCall = Readonly<z.infer<typeof attemptCallSchema>>;
