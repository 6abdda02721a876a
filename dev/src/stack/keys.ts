/** The secrets of a local stack: created once, stored beside its data, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const Keys = z.object({
  jwtSecret: z.string().min(32),
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
  postgresPassword: z.string().min(16),
  gatewayKey: z.string().min(16),
});
export type Keys = z.infer<typeof Keys>;

export function readOrCreateKeys(file: string): Keys {
  if (existsSync(file)) return readKeys(file);
  const random = (bytes: number): string => randomBytes(bytes).toString("base64url");
  const keys = {
    jwtSecret: random(48),
    publishableKey: `sb_publishable_${random(24)}`,
    secretKey: `sb_secret_${random(24)}`,
    postgresPassword: random(18),
    gatewayKey: `demo-${random(18)}`,
  };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}

function readKeys(file: string): Keys {
  try {
    return Keys.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new Error(
      `${file} does not hold the keys of a local stack. Remove its folder; the next ` +
        "start creates new keys and a new database.",
      { cause },
    );
  }
}
