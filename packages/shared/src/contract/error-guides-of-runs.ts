/** The guides of codes with which runs fail, and of outages. */
import type { ErrorGuides } from "./error-guide.ts";

export const RUN_GUIDES = {
  invalid_input: {
    user: "Correct the ids of the payload, or complete the brand first.",
    operator: null,
  },
  payment_required: {
    means:
      "The credits of the AI gateway are used up. Runs fail, and new ones are refused until somebody pays.",
    user: "Tell whoever pays for the AI service, and run it again then.",
    operator: "Buy credits; the first probe that succeeds lets runs through again.",
  },
  budget_exceeded: {
    user: "Ask for a higher budget, or wait for the next day or month. Text that was written is kept.",
    operator: "Change the tenant's row of `private.budgets`.",
  },
  run_cancelled: { user: "Run it again if it is still wanted.", operator: null },
  gateway_error: {
    means: "The AI gateway failed, as a rule in three attempts.",
    user: "Run it again.",
    operator: "Check the gateway's status page; the worker's log quotes the gateway.",
  },
  gateway_timeout: {
    means: "The AI gateway did not answer in time, as a rule in three attempts.",
    user: "Run it again.",
    operator: "Check the gateway's status page and the network to it.",
  },
  gateway_refused: {
    means: "The AI gateway refused the request itself: its model, its key or its content.",
    user: "Tell whoever runs the system.",
    operator:
      "Check `AI_MODEL`, `AI_MODEL_FALLBACKS` and the key; the worker's log quotes the gateway.",
  },
  incomplete_stream: {
    means:
      "The AI gateway broke off its answer, or sent what cannot be read, as a rule in three attempts.",
    user: "Run it again.",
    operator: "Check the gateway's status page; the worker's log quotes the gateway.",
  },
  invalid_output: {
    means: "Neither the answer nor its correction fits the schema of the output. The text is kept.",
    user: "Run it again; ask for less at once if it happens twice.",
    operator: "Read `validation_steps` of the attempts; another model may do better.",
  },
  unsafe_output: {
    means: "The answer began to repeat its instructions and was stopped before anybody saw it.",
    user: "Word the request differently.",
    operator: "Read the run's `input` and the rows of the workspace: who asked for it?",
  },
  artifacts_rejected: {
    means: "The run's result does not fit the tables. Nothing was saved; the text is kept.",
    user: "Run it again.",
    operator: "`error_message` of the run names the table and the reason.",
  },
  worker_lost: {
    means: "Three workers were lost while they held the run.",
    user: "Run it again.",
    operator: "Read the last lines of their logs; check memory limits.",
  },
  expired: {
    means: "No worker took the run within an hour.",
    user: "Run it again later.",
    operator: "Start workers; the runbook says how to find out why none took it.",
  },
  deadline_exceeded: {
    means: "The run had not ended ten minutes after its first attempt began.",
    user: "Run it again; ask for less at once if it happens twice.",
    operator: "Compare `duration_ms` of other runs: the gateway may be slow.",
  },
} as const satisfies Partial<ErrorGuides>;

export const OUTAGE_GUIDES = {
  upstream_unavailable: {
    user: "Try again in a moment.",
    operator: "Check the project that `FUNCTIONS_UPSTREAM_URL` names.",
  },
  queue_unavailable: {
    user: "The program submits with `Prefer: respond-async` and polls.",
    operator: "Check Redis (`REDIS_URL`); `/readyz` says what is away.",
  },
  database_unavailable: {
    user: "Try again in a moment. Runs in progress go on.",
    operator: "Check the Supabase project; `/readyz` says what is away.",
  },
  auth_unavailable: {
    user: "Try again in a moment.",
    operator: "Check the Supabase project's authentication and its published keys.",
  },
  draining: {
    user: "The program sends the request again, or reconnects. A run goes on.",
    operator: "Nothing during a deployment. Otherwise find out who stops the API.",
  },
  streams_exhausted: {
    user: "Try again in a moment; the program polls meanwhile.",
    operator: "Start another API process, or raise `MAX_STREAMS`.",
  },
  internal: {
    user: "Try again; if it happens again, report `request_id` or the run's id.",
    operator: "Search the logs for that id: the line has the stack. It is a bug.",
  },
} as const satisfies Partial<ErrorGuides>;
