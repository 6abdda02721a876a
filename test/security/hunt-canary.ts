/**
 * Runs of one tenant while another's runs go through the same processes, and a search for the
 * other's mark in everything that the first was given: prompts, events, rows and logs.
 *
 * The hunt proves itself: each tenant's own mark has to be in the prompts of its own runs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_MODES, type RunMode, runSchema } from "@cmo/shared/contract";
import { Pool } from "pg";
import { z } from "zod";
import { createMarkedTenant, type MarkedTenant } from "./marked-tenant.ts";

export interface HuntTarget {
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  /** What the processes say; read when the runs are over. */
  readonly logsDir: string;
}

export interface HuntReport {
  /** Of the tenant that is looked at. */
  readonly runs: number;
  readonly completed: number;
  readonly prompts: number;
  readonly events: number;
  readonly rows: number;
  readonly logLines: number;
  /** Prompts of either tenant that hold their own mark. */
  readonly ownMarks: number;
  readonly othersPrompts: number;
  /** Runs that named the other tenant's rows, and were refused. */
  readonly refused: number;
  readonly named: number;
  /** Where the other's mark was seen. */
  readonly sightings: readonly string[];
}

export interface HuntOptions {
  readonly runs: number;
  /** Runs under way at a time, the other tenant's not counted. */
  readonly wave: number;
  readonly onProgress: (done: number) => void;
}

export async function huntCanary(target: HuntTarget, options: HuntOptions): Promise<HuntReport> {
  const pool = new Pool({ connectionString: target.databaseUrl, max: 4 });
  try {
    const mine = await createMarkedTenant(pool, target.jwtSecret);
    const theirs = await createMarkedTenant(pool, target.jwtSecret);
    const seen = await runAll(target, options, { mine, theirs });
    const named = await nameForeignRows(target, mine, theirs);
    const rows = await readRowsOf(pool, mine.workspaceId);
    const logs = readLogs(target.logsDir);
    const places: [place: string, texts: readonly string[]][] = [
      ["a prompt", seen.mine.prompts],
      ["an event", seen.mine.events],
      ["a row", rows],
      ["a refusal", named.answers],
      ["a log line", logs],
    ];
    return {
      runs: seen.mine.runs,
      completed: seen.mine.completed,
      prompts: seen.mine.prompts.length,
      events: seen.mine.events.length,
      rows: rows.length,
      logLines: logs.length,
      ownMarks: count(seen.mine.prompts, mine.mark) + count(seen.theirs.prompts, theirs.mark),
      othersPrompts: seen.theirs.prompts.length,
      refused: named.refused,
      named: named.answers.length,
      sightings: places.flatMap(([place, texts]) =>
        texts.filter((text) => text.includes(theirs.mark)).map((text) => `${place}: ${text}`),
      ),
    };
  } finally {
    await pool.end();
  }
}

const count = (texts: readonly string[], mark: string) =>
  texts.filter((text) => text.includes(mark)).length;

interface Seen {
  runs: number;
  completed: number;
  readonly prompts: string[];
  /** Lines of streams, and the runs' rows as they are answered. */
  readonly events: string[];
}

const nothingSeen = (): Seen => ({ runs: 0, completed: 0, prompts: [], events: [] });

async function runAll(
  target: HuntTarget,
  { runs, wave, onProgress }: HuntOptions,
  { mine, theirs }: { readonly mine: MarkedTenant; readonly theirs: MarkedTenant },
): Promise<{ readonly mine: Seen; readonly theirs: Seen }> {
  const seen = { mine: nothingSeen(), theirs: nothingSeen() };
  while (seen.mine.runs < runs) {
    const first = seen.mine.runs;
    const size = Math.min(wave, runs - first);
    const modes = Array.from({ length: size }, (_, n) => modeAt(first + n));
    await Promise.all([
      ...modes.map((mode) => runOne(target, { tenant: mine, mode, seen: seen.mine })),
      // The other's runs go through the same workers at the same time.
      ...modes
        .slice(0, Math.ceil(size / 4))
        .map((mode) => runOne(target, { tenant: theirs, mode, seen: seen.theirs })),
    ]);
    onProgress(seen.mine.runs);
  }
  return seen;
}

function modeAt(index: number): RunMode {
  return RUN_MODES[index % RUN_MODES.length] ?? "strategy";
}

/** What each agent takes, with every row of the tenant's own that it can be told of. */
function payloadFor(mode: RunMode, tenant: MarkedTenant): Readonly<Record<string, unknown>> {
  const { planId, funnelId, stageId, campaignId } = tenant;
  switch (mode) {
    case "setup":
      return {
        messages: [{ role: "user", content: `We are ${tenant.mark}.` }],
        currentStep: "brand",
      };
    case "strategy":
      return { primaryGoal: "Grow" };
    case "funnels":
      return { funnelType: "marketing", planId };
    case "campaigns":
      return { planId, funnelId, stageId };
    case "content":
      return { campaignId };
    case "optimization":
      return { planId, funnelId };
  }
}

async function runOne(
  target: HuntTarget,
  {
    tenant,
    mode,
    seen,
  }: { readonly tenant: MarkedTenant; readonly mode: RunMode; readonly seen: Seen },
): Promise<void> {
  const payload = payloadFor(mode, tenant);
  const submitted = await submit(target, tenant, { mode, payload });
  if (submitted.status !== 202) throw new Error(`${mode}: ${submitted.text}`);
  const { id } = runSchema.parse(JSON.parse(submitted.text));
  const stream = await ask(target, tenant, `/v1/runs/${id}/events`);
  const row = await ask(target, tenant, `/v1/runs/${id}`);
  const { origin } = new URL(target.gatewayUrl);
  const calls = recordSchema.parse(await (await fetch(`${origin}/record/${id}`)).json());
  seen.runs += 1;
  if (runSchema.parse(JSON.parse(row)).status === "completed") seen.completed += 1;
  seen.prompts.push(...calls.map(({ messages }) => JSON.stringify(messages)));
  seen.events.push(...stream.split("\n").filter((line) => line !== ""), row);
}

const recordSchema = z.array(z.object({ messages: z.array(z.unknown()) }));

/** The run is to name rows of the other's: it is not even accepted. */
async function nameForeignRows(
  target: HuntTarget,
  mine: MarkedTenant,
  theirs: MarkedTenant,
): Promise<{ readonly refused: number; readonly answers: readonly string[] }> {
  const answers = [];
  for (const mode of ["funnels", "campaigns", "content", "optimization"] as const) {
    const payload = payloadFor(mode, theirs);
    answers.push(await submit(target, mine, { mode, payload }));
    answers.push(await submit(target, mine, { mode, payload, workspace_id: theirs.workspaceId }));
  }
  return {
    refused: answers.filter(({ status }) => status === 400 || status === 403).length,
    answers: answers.map(({ text }) => text),
  };
}

async function submit(
  { apiUrl }: HuntTarget,
  { token }: MarkedTenant,
  body: Readonly<Record<string, unknown>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${apiUrl}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ ...body, save: true }),
  });
  return { status: response.status, text: await response.text() };
}

async function ask({ apiUrl }: HuntTarget, { token }: MarkedTenant, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${apiUrl}${path}`, { headers })).text();
}

/** Every row of every table that belongs to the workspace. */
async function readRowsOf(pool: Pool, workspaceId: string): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select a.attrelid::regclass::text as name from pg_catalog.pg_attribute a
     join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
     where a.attname = 'workspace_id' and c.relnamespace = 'public'::regnamespace`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const sql = `select to_jsonb(t)::text as row from ${name} t where t.workspace_id = $1`;
    const { rows } = await pool.query<{ row: string }>(sql, [workspaceId]);
    texts.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return texts;
}

function readLogs(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^(api|worker)/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line !== "");
}
