/**
 * The messages between the supervisor and the Supabase process. The process starts in two steps: it
 * creates the auth schema that migrations need, and reads the schema once, after the migrations.
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
