/** A stack ends whole: when it is told, when it cannot start, and when its supervisor is killed. */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type StackOptions, startStack } from "@cmo/dev";
import { DEMO_LOGIN } from "@cmo/dev/demo-login";
import { createClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";

const PERMISSION_DENIED = "42501";
const HOLD_STACK = fileURLToPath(new URL("../support/hold-stack.ts", import.meta.url));
const Held = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.number() })),
  databaseUrl: z.string(),
});

const folder = mkdtempSync(join(tmpdir(), "stack-lifetime-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS: StackOptions = {
  ports: "free",
  environment: {},
  apps: { api: 0, workers: 0 },
  seed: false,
  onLine: () => {},
};

/** A killed process may wait for its new parent to take note; it runs no more. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function holdStack(dataDir: string) {
  const supervisor = fork(HOLD_STACK, [dataDir], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [message] = await once(supervisor, "message");
  return { supervisor, ...Held.parse(message) };
}

async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("a stack that is stopped leaves no process and no folder, and may be stopped twice", async () => {
  const stack = await startStack(OPTIONS);
  const pids = stack.processes().map(({ pid }) => pid ?? 0);
  expect(pids.every(runs)).toBe(true);
  await Promise.all([stack.stop(), stack.stop()]);
  expect(pids.filter(runs)).toEqual([]);
  expect(existsSync(stack.dataDir)).toBe(false);
});

test("a start that is given up ends what had started, and leaves no folder", async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const started = startStack({
    ...OPTIONS,
    signal: controller.signal,
    onLine: (name, line) => {
      lines.push(line);
      if (name === "postgres") controller.abort(new Error("Changed my mind."));
    },
  });
  await expect(started).rejects.toThrow("Changed my mind.");
  const [pid] = /\[(\d+)\]/.exec(lines.join("\n"))?.slice(1).map(Number) ?? [];
  expect(pid && runs(pid)).toBe(false);
});

test("a supervisor that is killed leaves no process behind, and the next start has its data", async () => {
  const dataDir = join(folder, "killed");
  const first = await holdStack(dataDir);
  await query(first.databaseUrl, "create table public.kept as select 'yes' as answer");
  first.supervisor.kill("SIGKILL");
  const pids = first.processes.map(({ pid }) => pid);
  await eventually(
    () => pids.filter(runs),
    (left) => left.length === 0,
  );

  const second = await startStack({ ...OPTIONS, dataDir });
  try {
    expect(await query(second.databaseUrl ?? "", "select answer from public.kept")).toEqual([
      { answer: "yes" },
    ]);
    await expect(startStack({ ...OPTIONS, dataDir })).rejects.toThrow("already running");
  } finally {
    await second.stop();
  }
});

test("a process that is stopped stays away until it is started, and comes back as it was", async () => {
  const stack = await startStack(OPTIONS);
  try {
    await stack.stopProcess("redis");
    expect(stack.processes()).toContainEqual({ name: "redis", pid: null });
    await stack.startProcess("redis");
    const redis = stack.processes().find(({ name }) => name === "redis");
    expect(runs(redis?.pid ?? 0)).toBe(true);
    await expect(stack.stopProcess("tea")).rejects.toThrow("it has postgres");
  } finally {
    await stack.stop();
  }
});

test("a Supabase process that is killed comes back at its address, privileges and data kept", async () => {
  const stack = await startStack({ ...OPTIONS, seed: true });
  const connect = (key: string) =>
    createClient(stack.supabaseUrl, key, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
  const pidNow = () => stack.processes().find(({ name }) => name === "supabase")?.pid ?? null;
  try {
    const before = pidNow();
    process.kill(before ?? Number.NaN, "SIGKILL");
    await eventually(pidNow, (pid) => pid !== null && pid !== before);
    await eventually(
      async () => {
        const { data } = await connect(stack.publishableKey).auth.signInWithPassword(DEMO_LOGIN);
        return data.user?.email;
      },
      (email) => email === DEMO_LOGIN.email,
    );
    const service = connect(stack.secretKey);
    const { error } = await service.from("agent_runs").delete().eq("id", randomUUID());
    expect(error?.code).toBe(PERMISSION_DENIED);
  } finally {
    await stack.stop();
  }
});
