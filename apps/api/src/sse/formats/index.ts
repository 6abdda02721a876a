/** The formats in which a run can be streamed, by the name that `?format=` takes. */
import { catalogEntry } from "@cmo/agents/catalog";
import type { Run } from "@cmo/shared/contract";
import { newAgUiEncoder } from "./ag-ui.ts";
import type { Encoder } from "./encoder.ts";
import { newEventsEncoder } from "./events.ts";
import { newOpenaiEncoder } from "./openai.ts";
import { newUiEncoder } from "./ui.ts";

interface FormatOptions {
  readonly isNamed: boolean;
}

interface Format {
  /** Response headers by which clients know the format. */
  readonly headers: Readonly<Record<string, string>>;
  newEncoder(run: Run, options: FormatOptions): Encoder;
}

export const FORMATS = {
  events: { headers: {}, newEncoder: (_run, options) => newEventsEncoder(options) },
  openai: { headers: {}, newEncoder: (run) => newOpenaiEncoder(run, catalogEntry(run.mode)) },
  ui: { headers: { "x-vercel-ai-ui-message-stream": "v1" }, newEncoder: newUiEncoder },
  "ag-ui": { headers: {}, newEncoder: newAgUiEncoder },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES: readonly [FormatName, ...FormatName[]] = [
  "events",
  "openai",
  "ui",
  "ag-ui",
];
