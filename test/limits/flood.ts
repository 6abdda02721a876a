/** Many submissions of one tenant at once, while another tenant submits one after the other. */
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
}

export interface Flood {
  readonly submissions: readonly Submission[];
  readonly forMs: number;
  /** Of the other tenant, in milliseconds. */
  readonly latencies: readonly number[];
  readonly refusedOthers: number;
}

/** `planId`: a plan that does not exist is refused in SQL as well, just before limits are counted. */
export async function submit(
  { apiUrl, supabaseUrl, publishableKey }: Addresses,
  { token, workspaceId }: Sender,
  { by, planId }: { readonly by: Way; readonly planId?: string },
): Promise<Submission> {
  const input = planId === undefined ? {} : { planId };
  const response =
    by === "api"
      ? openHttp(`${apiUrl}/v1/runs`, {
          token,
          json: { mode: "funnels", payload: input, workspace_id: workspaceId },
        })
      : openHttp(`${supabaseUrl}/rest/v1/rpc/create_run`, {
          token,
          headers: { apikey: publishableKey },
          json: {
            p_id: newRunId(),
            p_mode: "funnels",
            p_input: input,
            p_workspace_id: workspaceId,
          },
        });
  return { by, answer: await readAnswer(await response) };
}

export function isAccepted({ by, answer }: Submission): boolean {
  return answer.status === (by === "api" ? 202 : 200);
}

/** All of `wanted` at once. The other tenant submits by the API until they are answered. */
export async function flood(
  addresses: Addresses,
  { sender, other }: { readonly sender: Sender; readonly other: Sender },
  wanted: readonly { readonly by: Way; readonly planId?: string }[],
): Promise<Flood> {
  const startedAt = performance.now();
  let isOver = false;
  const all = Promise.all(wanted.map((one) => submit(addresses, sender, one))).finally(() => {
    isOver = true;
  });
  const latencies: number[] = [];
  let refusedOthers = 0;
  while (!isOver) {
    const askedAt = performance.now();
    if (!isAccepted(await submit(addresses, other, { by: "api" }))) refusedOthers += 1;
    latencies.push(performance.now() - askedAt);
  }
  const submissions = await all;
  return { submissions, forMs: performance.now() - startedAt, latencies, refusedOthers };
}
