/** Looks for the values of secrets in everything that processes say. */
import type { HistoryRecorder } from "./history.ts";

export interface SecretWatch {
  hear(process: string, line: string): void;
}

const SECRETS = ["SUPABASE_SECRET_KEY", "SUPABASE_JWT_SECRET", "LOVABLE_API_KEY"];

export function newSecretWatch(
  environment: Readonly<Record<string, string>>,
  recorder: HistoryRecorder,
): SecretWatch {
  const values = SECRETS.flatMap((name) => {
    const value = environment[name];
    return value ? [{ name, value }] : [];
  });
  return {
    hear(process, line) {
      for (const { name, value } of values) {
        if (line.includes(value)) recorder.note({ kind: "leak", process, secret: name });
      }
    },
  };
}
