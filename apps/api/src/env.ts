/** What the API reads from its environment. It holds no service key: it acts as its users. */
import { httpEnv, logEnv, redisEnv, supabaseEnv } from "@cmo/shared/runtime";
import { z } from "zod";
import { policyEnv } from "./policy.ts";

const list = (text: string) => text.split(",").flatMap((entry) => entry.trim() || []);

export const apiEnvSchema = z.object({
  ...httpEnv,
  PORT: httpEnv.PORT.default(8787),
  ...logEnv,
  ...supabaseEnv,
  SUPABASE_PUBLISHABLE_KEY: z.string().min(1),
  /** Only for projects that still sign with HS256; the others publish their keys. */
  SUPABASE_JWT_SECRET: z.string().min(16).optional(),
  SUPABASE_JWT_ISSUER: z.string().optional(),
  ...redisEnv,

  /** Who may call `/v1/*` from a browser. Tokens travel in a header, never in cookies. */
  CORS_ORIGINS: z.string().default("*").transform(list),
  /** `true`, `false`, or the addresses of the proxies whose `X-Forwarded-For` counts. */
  TRUST_PROXY: z.string().default("false").transform(toTrustProxy),
  /** Where modes that are not ours go, such as `https://<project>.supabase.co/functions/v1`. */
  FUNCTIONS_UPSTREAM_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  ...policyEnv,
});

export type ApiEnv = Readonly<z.infer<typeof apiEnvSchema>>;

function toTrustProxy(text: string): boolean | string[] {
  if (text === "true") return true;
  return text === "false" ? false : list(text);
}
