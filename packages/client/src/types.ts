/** The words on the wire. The generated part is written from the schemas of the API. */
import type { EventDataByType, InputByMode, OutputByMode, Run } from "./types.gen.ts";

export type {
  InputByMode,
  OutputByMode,
  Pipeline,
  Run,
  RunPage,
  RunSummary,
  Usage,
  UsageReport,
  Warning,
  Workspace,
} from "./types.gen.ts";

export type Mode = keyof InputByMode & keyof OutputByMode;

type LoggedEvent = {
  [Type in keyof EventDataByType]: {
    readonly type: Type;
    readonly id: string;
  } & EventDataByType[Type];
}[keyof EventDataByType];

/** The events of one connection, with their data as members. */
export type RunEvent =
  | LoggedEvent
  | { readonly type: "run"; readonly run: Run }
  | { readonly type: "snapshot"; readonly text: string; readonly attempt: number };

export type EndingEvent = Extract<RunEvent, { type: "completed" | "failed" | "cancelled" }>;

/** An agent, with the JSON Schemas of its payload and its output. */
export interface Agent {
  readonly mode: Mode;
  readonly agent: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

export function isEnding(event: RunEvent): event is EndingEvent {
  return event.type === "completed" || event.type === "failed" || event.type === "cancelled";
}
