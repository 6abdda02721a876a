/** Looks for the values of secrets in all lines of the processes and all events of the readers. */
import { type HistoryRecorder, seen } from "./history.ts";

export interface SecretWatch {
  hear(process: string, line: string): void;
  /** The events that are in the history so far. */
  searchEvents(): void;
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
  const hear = (process: string, line: string): void => {
    for (const { name, value } of values) {
      if (line.includes(value)) recorder.note({ kind: "leak", process, secret: name });
    }
  };
  return {
    hear,
    searchEvents() {
      for (const { reader, data } of seen(recorder.history, "event")) {
        hear(reader, JSON.stringify(data));
      }
    },
  };
}
