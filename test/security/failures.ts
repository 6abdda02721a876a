/** Runs that complete, and runs and requests that fail in every way in which a secret could be told. */
import { RUN_MODES } from "@cmo/shared/contract";
import { z } from "zod";
import type { AppProcess } from "../faults/app-process.ts";
import { eventually } from "../support/eventually.ts";
import type { MarkedTenant } from "./marked-tenant.ts";

export interface FailingSystem {
  readonly api: AppProcess;
  readonly worker: AppProcess;
  readonly tenant: MarkedTenant;
  readonly gatewayKey: string;
}

interface Listener {
  readonly say: (line: string) => void;
  /** Every answer, head and body. */
  readonly hear: (text: string) => void;
}

const ENDED_WITHIN_MS = 60_000;

export async function playFailures(system: FailingSystem, { say, hear }: Listener): Promise<void> {
  const client = newClient(system, hear);
  const acts: [what: string, act: () => Promise<void>][] = [
    ["all modes complete", () => client.runAll()],
    ["the gateway refuses and repeats its key", () => refuseWithKey(system, client)],
    ["the gateway is away", () => withTraffic(system.worker.gateway, () => client.run("strategy"))],
    ["requests are refused", () => client.askBadly()],
    ["the database is away", () => loseDatabase(system, client)],
    ["Redis is away", () => loseRedis(system, client)],
  ];
  for (const [what, act] of acts) {
    say(`  ${what}`);
    await act();
  }
}

type Client = ReturnType<typeof newClient>;

function newClient({ api, tenant }: FailingSystem, hear: Listener["hear"]) {
  const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${api.front.port}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${tenant.token}`,
        "content-type": "application/json",
        ...init.headers,
      },
    });
    const text = await response.text();
    // What a run says is its reader's own; what goes wrong is said in heads and problems.
    hear(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    return text;
  };
  const submit = (mode: string, headers: Record<string, string> = {}) => {
    const payload =
      mode === "setup"
        ? { messages: [{ role: "user", content: "We sell coffee." }], currentStep: "brand" }
        : {};
    return ask("/v1/runs", { method: "POST", headers, body: JSON.stringify({ mode, payload }) });
  };
  const run = async (mode: string): Promise<void> => {
    const { id } = runIdSchema.parse(JSON.parse(await submit(mode)));
    await untilEnded(() => ask(`/v1/runs/${id}`));
    await ask(`/v1/runs/${id}/events`);
  };
  return {
    ask,
    submit,
    run,
    runAll: async () => {
      await Promise.all(RUN_MODES.map(run));
    },
    askBadly: async () => {
      const { token } = tenant;
      const unsigned = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(43)}`;
      await ask("/v1/runs", { headers: { authorization: `Bearer ${unsigned}` } });
      await ask(`/v1/runs?access_token=${token}`, { headers: { authorization: "" } });
      await ask("/v1/runs", { method: "POST", body: `{"mode": "${token}` });
      await ask("/v1/runs/not-a-run");
      await ask("/nowhere");
    },
  };
}

const runIdSchema = z.object({ id: z.guid() });
const statusSchema = z.object({ status: z.string() });

async function untilEnded(look: () => Promise<string>): Promise<void> {
  const status = async () => statusSchema.safeParse(JSON.parse(await look())).data?.status;
  const isEnd = (seen: string | undefined) => /^(completed|failed|cancelled)$/.test(seen ?? "");
  await eventually(status, isEnd, ENDED_WITHIN_MS);
}

async function refuseWithKey({ worker, gatewayKey }: FailingSystem, client: Client): Promise<void> {
  for (const status of ["401 Unauthorized", "402 Payment Required", "500 Broken"]) {
    const message = `Incorrect API key provided: ${gatewayKey}`;
    const body = JSON.stringify({ error: { message, code: gatewayKey, type: "auth" } });
    const reply = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nx-key: ${gatewayKey}\r\nconnection: close\r\n\r\n${body}`;
    worker.gateway.reset();
    const stop = worker.gateway.answer({ request: /POST /, reply, applies: () => true });
    await client.run("strategy");
    stop();
  }
}

async function withTraffic(
  proxy: AppProcess["redis"],
  whileAway: () => Promise<void>,
): Promise<void> {
  proxy.traffic("refuse");
  proxy.reset();
  try {
    await whileAway();
  } finally {
    proxy.traffic("pass");
  }
}

async function loseDatabase({ api, worker }: FailingSystem, client: Client): Promise<void> {
  await client.submit("strategy");
  await withTraffic(worker.supabase, () =>
    withTraffic(api.supabase, async () => {
      await client.submit("strategy");
      await client.ask("/readyz");
      await client.ask("/v1/runs");
    }),
  );
  await client.run("strategy");
}

async function loseRedis({ api, worker }: FailingSystem, client: Client): Promise<void> {
  await withTraffic(worker.redis, () =>
    withTraffic(api.redis, async () => {
      await client.submit("strategy", { accept: "text/event-stream" });
      await client.submit("strategy", { prefer: "respond-async" });
      await client.ask("/readyz");
    }),
  );
  await client.run("strategy");
}
