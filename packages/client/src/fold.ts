/** What a reader holds of a run after each event: pure, so that every client may fold the same way. */
import type { Run, RunEvent, Usage, Warning } from "./types.ts";

export interface RunView {
  /** Of the current attempt. */
  readonly text: string;
  readonly attempt: number;
  /** Finished sections of the output, by their path. A new attempt withdraws them. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly progress: { readonly percent: number; readonly done: readonly string[] } | null;
  readonly waiting: { readonly reason: string; readonly until: string } | null;
  readonly status: Run["status"];
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly warnings: readonly Warning[];
  readonly usage: Usage | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
  } | null;
}

export const NOTHING_YET: RunView = {
  text: "",
  attempt: 0,
  sections: {},
  progress: null,
  waiting: null,
  status: "running",
  output: null,
  warnings: [],
  usage: null,
  error: null,
};

const WITHDRAWN = { text: "", sections: {}, progress: null, waiting: null } as const;

export function foldEvent(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case "attempt":
      return { ...view, ...(event.reset ? WITHDRAWN : {}), attempt: event.attempt };
    case "delta":
      if (event.offset !== view.text.length) return view;
      return { ...view, text: view.text + event.text, waiting: null };
    case "snapshot":
      return { ...view, text: event.text, attempt: event.attempt };
    case "partial":
      return { ...view, sections: { ...view.sections, [event.path]: event.value } };
    case "progress":
      return { ...view, progress: { percent: event.percent, done: event.done } };
    case "waiting":
      return { ...view, waiting: { reason: event.reason, until: event.until } };
    case "usage":
      return { ...view, usage: toUsage(event) };
    case "completed": {
      const { output, usage, warnings } = event;
      return { ...view, status: "completed", waiting: null, output, usage, warnings };
    }
    case "failed": {
      const { code, error: message, retryable } = event;
      return { ...view, status: "failed", waiting: null, error: { code, message, retryable } };
    }
    case "cancelled":
      return { ...view, status: "cancelled", waiting: null };
    default:
      return view;
  }
}

function toUsage({ prompt_tokens, completion_tokens, total_tokens }: Usage): Usage {
  return { prompt_tokens, completion_tokens, total_tokens };
}
