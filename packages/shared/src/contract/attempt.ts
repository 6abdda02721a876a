/**
 * What an attempt records in its row: each validation step of its answers, and each call of the
 * gateway.
 */
import { z } from "zod";
import { usageSchema } from "./run.ts";

/** From the cheapest to the most expensive. */
const STEPS = ["parse", "jsonrepair", "schema", "finish", "repair_turn"] as const;

export type ValidationStepName = (typeof STEPS)[number];

const counts = z.record(z.string(), z.int().positive());

export const validationStepSchema = z.object({
  /** 1 is the answer, 2 its correction in the repair turn. */
  answer: z.int().min(1).max(2),
  step: z.enum(STEPS),
  /**
   * `finish` is passed with no finding left open but doubts, `repair_turn` when its answer took the place of
   * the first.
   */
  passed: z.boolean(),
  /** Findings by kind: those that were repaired, those that were not, and doubts. */
  fixed: counts.optional(),
  open: counts.optional(),
  doubt: counts.optional(),
});

export type ValidationStep = Readonly<z.infer<typeof validationStepSchema>>;

export const attemptCallSchema = z.object({
  /** As in the `x-request-id`, from 1. */
  call: z.int().positive(),
  purpose: z.enum(["answer", "repair"]),
  /** What answered, or was asked; null when the gateway was not asked. */
  model: z.string().nullable(),
  /** As the gateway last reported it, or an estimate; null when nothing is due. */
  usage: usageSchema.nullable(),
  /** The gateway reported no usage of a call that it may charge. */
  estimated: z.boolean().optional(),
  /**
   * In millionths of a US dollar. In a worker's report, what the gateway says that it has charged; in the
   * row, what was booked.
   */
  cost_micros: z.int().nonnegative().optional(),
});

export type AttemptCall = Readonly<z.infer<typeof attemptCallSchema>>;
