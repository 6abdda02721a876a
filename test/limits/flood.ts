/** Many submissions of one tenant at once, while another tenant submits one after the other. */
import { setTimeout as delay } from "node:timers/promises";
import { newRunId } from "@cmo/shared/runtime";
import { type Answer, openHttp, readAnswer } from "../support/http.ts";

export interface Sender {
  readonly token: string;
  readonly workspaceId: string;
}

export interface Addresses {
  readonly apiUrl: string;
  readonly supabaseUrl: string;
  readonly publishableKey: string;
}

export type Way = "api" | "rpc";

export interface Submission {
  readonly by: Way;
  readonly answer: Answer;
  /** More than one after an outage. */
  readonly calls: number;
}

export interface Flood {
  readonly submissions: readonly Submission[];
  readonly forMs: number;
  /** Of the other tenant, in milliseconds. */
  readonly latencies: readonly number[];
  readonly refusedOthers: number;
}

export interface Wanted {
  readonly by: Way;
  /** A plan that does not exist is refused in SQL as well, just before limits are counted. */
  readonly planId?: string;
}

/** An overloaded machine answers late or not at all. The same request is then sent again. */
const MOST_CALLS = 20;
const PAUSE_MS = 500;

/** Sends one request until it is answered with anything but an outage. */
async function submit(addresses: Addresses, sender: Sender, wanted: Wanted): Promise<Submission> {
  const id = newRunId();
  for (let calls = 1; ; calls += 1) {
    const answer = await send(addresses, sender, { ...wanted, id }).catch(() => null);
    if (answer && answer.status < 500) return { by: wanted.by, answer, calls };
    if (calls === MOST_CALLS) throw new Error(`${calls} calls were not answered.`);
    await delay(PAUSE_MS);
  }
}

/** The id makes a repeat known: in the function itself, and as the key of the API. */
async function send(
  { apiUrl, supabaseUrl, publishableKey }: Addresses,
  { token, workspaceId }: Sender,
  { by, planId, id }: Wanted & { readonly id: string },
): Promise<Answer> {
  const input = planId === undefined ? {} : { planId };
  const response =
    by === "api"
      ? openHttp(`${apiUrl}/v1/runs`, {
          token,
          headers: { "idempotency-key": id },
          json: { mode: "funnels", payload: input, workspace_id: workspaceId },
        })
      : openHttp(`${supabaseUrl}/rest/v1/rpc/create_run`, {
          token,
          headers: { apikey: publishableKey },
          json: { p_id: id, p_mode: "funnels", p_input: input, p_workspace_id: workspaceId },
        });
  return readAnswer(await response);
}

export function isAccepted({ by, answer }: Submission): boolean {
  return answer.status === (by === "api" ? 202 : 200);
}

/** `atOnce` of `wanted` at a time. The other tenant submits by the API until they are answered. */
export async function flood(
  addresses: Addresses,
  { sender, other }: { readonly sender: Sender; readonly other: Sender },
  { wanted, atOnce }: { readonly wanted: readonly Wanted[]; readonly atOnce: number },
): Promise<Flood> {
  const startedAt = performance.now();
  let isOver = false;
  const left = [...wanted];
  const submissions: Submission[] = [];
  const submitOn = async () => {
    for (let one = left.pop(); one; one = left.pop()) {
      submissions.push(await submit(addresses, sender, one));
    }
  };
  const all = Promise.all(Array.from({ length: atOnce }, submitOn)).finally(() => {
    isOver = true;
  });
  // Awaited below, after the other tenant's last submission.
  all.catch(() => {});
  const latencies: number[] = [];
  let refusedOthers = 0;
  while (!isOver) {
    const askedAt = performance.now();
    if (!isAccepted(await submit(addresses, other, { by: "api" }))) refusedOthers += 1;
    latencies.push(performance.now() - askedAt);
  }
  await all;
  return { submissions, forMs: performance.now() - startedAt, latencies, refusedOthers };
}
