/** The environment of the API. It contains no service key: the API acts as its users. */
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
  /** Only for projects that still sign with HS256. Other projects publish their keys. */
  SUPABASE_JWT_SECRET: z.string().min(16).optional(),
  SUPABASE_JWT_ISSUER: z.string().optional(),
  ...redisEnv,

  /** Origins that may call `/v1/*` from a browser. Tokens are sent in a header, never in a cookie. */
  CORS_ORIGINS: z
    .string()
    .default("*")
    .transform(list)
    .refine((origins) => origins.every(isOrigin), {
      error: "must be * or a list of origins without a path, such as https://app.example.com",
    }),
  /**
   * `false`, or the proxies whose `X-Forwarded-For` is trusted. `true` is not supported, because a client
   * could then claim any address.
   */
  TRUST_PROXY: z
    .string()
    .default("false")
    .transform((text) => (text === "false" ? text : list(text)))
    .refine((proxies) => proxies === "false" || proxies.every(isNetwork), {
      error: "must be false or a list of addresses or networks of proxies, such as 10.0.0.0/8",
    })
    .transform((proxies) => (proxies === "false" ? false : proxies)),
  /** Unknown modes are forwarded here, for example `https://<project>.supabase.co/functions/v1`. */
  FUNCTIONS_UPSTREAM_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  ...policyEnv,
});

export type ApiEnv = Readonly<z.infer<typeof apiEnvSchema>>;

/** In the form that browsers send. Other forms would never match. */
function isOrigin(text: string): boolean {
  return text === "*" || (URL.canParse(text) && new URL(text).origin === text);
}

/** An address, or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}
