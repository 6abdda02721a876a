/** What the API reads from its environment. It holds no service key: it acts as its users. */
import { isIP } from "node:net";
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
  CORS_ORIGINS: z
    .string()
    .default("*")
    .transform(list)
    .refine((origins) => origins.every(isOrigin), {
      error: "must be * or origins such as https://app.example.com, without a path",
    }),
  /**
   * `false`, or the proxies whose `X-Forwarded-For` counts. There is no `true`: whoever can connect
   * could then claim any address.
   */
  TRUST_PROXY: z
    .string()
    .default("false")
    .transform((text) => (text === "false" ? text : list(text)))
    .refine((proxies) => proxies === "false" || proxies.every(isNetwork), {
      error: "must be false or the proxies' addresses, such as 10.0.0.0/8",
    })
    .transform((proxies) => (proxies === "false" ? false : proxies)),
  /** Where modes that are not ours go, such as `https://<project>.supabase.co/functions/v1`. */
  FUNCTIONS_UPSTREAM_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  ...policyEnv,
});

export type ApiEnv = Readonly<z.infer<typeof apiEnvSchema>>;

/** As browsers send it: anything else would never match, and nobody would know why. */
function isOrigin(text: string): boolean {
  return text === "*" || (URL.canParse(text) && new URL(text).origin === text);
}

/** An address, or a network with the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
