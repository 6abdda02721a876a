/**
 * What the supervisor and the Supabase process say to each other. It starts in two steps, because
 * migrations need the auth schema that it makes, and it must first look at the schema when they
 * are done: it never looks again.
 */
import { z } from "zod";

export const SupabaseOrder = z.discriminatedUnion("order", [
  z.object({
    order: z.literal("prepare"),
    databaseUrl: z.string(),
    jwtSecret: z.string(),
    publishableKey: z.string(),
    secretKey: z.string(),
  }),
  z.object({ order: z.literal("serve"), port: z.number(), apiUrl: z.string().nullable() }),
]);
export type SupabaseOrder = z.infer<typeof SupabaseOrder>;

export const SupabaseReport = z.object({ report: z.enum(["prepared", "serving"]) });
export type SupabaseReport = z.infer<typeof SupabaseReport>;
