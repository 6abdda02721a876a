/**
 * One budget, and so many runs on it at a time: submitted together, streamed by real workers, and read
 * from the database when all have ended.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Arena } from "../faults/arena.ts";
import type { Client } from "../faults/client.ts";
import type { Random } from "../faults/random.ts";
import { kill } from "../faults/steps.ts";
import { eventually } from "../support/eventually.ts";
import type { BudgetReport, Overshoot } from "./budget-report.ts";

export interface Scenario {
  readonly name: string;
  /** The budget, as a share of what all runs would cost. */
  readonly share: number;
  /** Workers that are killed while the runs stream. */
  readonly kills: number;
}

interface Play extends Scenario {
  readonly runs: number;
  readonly random: Random;
  /** By run: the tokens of the piece with which its budget was used up, as its worker logs them. */
  readonly pieces: ReadonlyMap<string, number>;
}

const WITHIN_MS = 300_000;
/** So many earlier runs tell what such a run costs. */
const EARLIER_RUNS = 3;
/** Between two kills, and after the first text. */
const KILL_AFTER_MS = { least: 1_000, most: 5_000 };

/** What a run held when its attempt ended: the settlement clears it. */
const WATCH_RESERVES = `
create table if not exists faults.reserves (run_id uuid, attempt integer, micros bigint);
create or replace function faults.note_reserve() returns trigger language plpgsql security definer as $$
begin
  insert into faults.reserves values (old.id, old.attempt, old.reserved_micros);
  return null;
end $$;
create or replace trigger note_reserve after update on public.agent_runs for each row
  when (old.phase = 'active' and new.phase <> 'active') execute function faults.note_reserve();`;

export async function playBudget(arena: Arena, play: Play): Promise<BudgetReport> {
  const { database } = arena;
  await database.query(WATCH_RESERVES);
  const client = await arena.createClient();
  const { tenantId } = client.tenant;
  for (let n = 0; n < EARLIER_RUNS; n += 1) await client.start({ goal: `earlier ${n}` });
  await untilAllEnded(arena, tenantId);
  const [earlier] = await sums(arena, tenantId);
  const perRun = Math.round((earlier?.micros ?? 0) / EARLIER_RUNS);
  const neededMicros = perRun * play.runs;
  const capMicros = Math.ceil(neededMicros * play.share);
  await database.query(
    "insert into private.tenant_limits (tenant_id, budget_day_micros) values ($1, $2)",
    // The books begin with what the day has cost already.
    [tenantId, capMicros + (earlier?.micros ?? 0)],
  );

  const replies = await submitAll(client, play.runs);
  await killWorkers(arena, tenantId, play);
  await untilAllEnded(arena, tenantId);
  const refused = replies.filter(({ code }) => code === "budget_exceeded").length;
  const accepted = replies.flatMap(({ runId }) => runId ?? []);
  const others = replies.filter(({ runId, code }) => runId === null && code !== "budget_exceeded");
  const read = await readEnds(arena, { tenantId, accepted, pieces: play.pieces });
  const otherEnds = [...others.map(({ status, code }) => `${status} ${code}`), ...read.otherEnds];
  const before = earlier?.micros ?? 0;
  return {
    ...{ capMicros, neededMicros, accepted: accepted.length, refused, ...read, otherEnds },
    spentMicros: read.spentMicros - before,
    attemptsMicros: read.attemptsMicros - before,
    runsMicros: read.runsMicros - before,
  };
}

function submitAll(client: Client, count: number) {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return Promise.all(numbers.map((n) => submitOnce(client, `run ${n}`)));
}

/** So many requests at once are too much for a small machine: what it could not take is asked again. */
async function submitOnce(client: Client, goal: string): ReturnType<Client["submit"]> {
  const key = randomUUID();
  for (;;) {
    const reply = await client.submit({ goal, key });
    if (reply.status !== 503 && reply.status !== 0) return reply;
    await delay(1000 * (reply.retryAfter ?? 1));
  }
}

async function killWorkers(arena: Arena, tenantId: string, { kills, random }: Play): Promise<void> {
  const restarts: Promise<void>[] = [];
  for (let turn = 0; turn < kills; turn += 1) {
    await delay(random.int(KILL_AFTER_MS.least, KILL_AFTER_MS.most));
    const sql = "select 1 from public.agent_runs where tenant_id = $1 and phase = 'active' limit 1";
    if ((await arena.database.query(sql, [tenantId])).length === 0) break;
    const victim = arena.workers[turn % arena.workers.length];
    if (!victim) break;
    await kill(arena, victim);
    restarts.push(victim.start());
  }
  await Promise.all(restarts);
}

async function untilAllEnded({ database }: Arena, tenantId: string): Promise<void> {
  const sql =
    "select count(*)::int as left from public.agent_runs where tenant_id = $1 and status = 'running'";
  const left = async () => {
    await delay(200);
    return Number((await database.query(sql, [tenantId]))[0]?.["left"]);
  };
  await eventually(left, (count) => count === 0, WITHIN_MS);
}

const sumsSchema = z.array(z.object({ micros: z.coerce.number(), attempts: z.coerce.number() }));

async function sums({ database }: Arena, tenantId: string) {
  const sql = `select coalesce(sum(a.cost_micros), 0) as micros, count(*) as attempts
    from public.agent_run_attempts a join public.agent_runs r on r.id = a.run_id
    where r.tenant_id = $1`;
  return sumsSchema.parse(await database.query(sql, [tenantId]));
}

const runsSchema = z.array(
  z.object({
    id: z.string(),
    status: z.string(),
    error_code: z.string().nullable(),
    output_text: z.string().nullable(),
    cost_micros: z.coerce.number(),
    last_micros: z.coerce.number().nullable(),
    reserve: z.coerce.number().nullable(),
    attempt: z.int(),
  }),
);
const bookSchema = z.object({ spent: z.coerce.number(), reserved: z.coerce.number() });

interface Ends {
  readonly tenantId: string;
  readonly pieces: Play["pieces"];
  readonly accepted: readonly string[];
}

async function readEnds(arena: Arena, { tenantId, accepted, pieces }: Ends) {
  const { database } = arena;
  const rows = runsSchema.parse(await database.query(READ_RUNS, [tenantId]));
  const [book] = await database.query(READ_BOOK, [tenantId]);
  const { spent, reserved } = bookSchema.parse(book);
  const [attempts] = await sums(arena, tenantId);
  const ended = rows.filter(({ id }) => accepted.includes(id));
  const stopped = ended.filter(({ error_code }) => error_code === "budget_exceeded");
  const calls = await Promise.all(stopped.map(({ id, attempt }) => lastCall(arena, id, attempt)));
  const streamed = stopped.flatMap((run, n) => {
    const call = calls[n];
    return call && call.textSent !== "" ? [{ run, call }] : [];
  });
  const others = ended.filter((run) => run.status !== "completed" && !stopped.includes(run));
  return {
    completed: ended.filter(({ status }) => status === "completed").length,
    stopped: stopped.length,
    textsStopped: streamed.length,
    textsKept: streamed.filter(({ run, call }) => isStart(run.output_text, call)).length,
    otherEnds: others.map(({ status, error_code }) => `${status} ${error_code}`),
    attempts: attempts?.attempts ?? 0,
    spentMicros: spent,
    reservedMicros: reserved,
    attemptsMicros: attempts?.micros ?? 0,
    runsMicros: rows.reduce((sum, { cost_micros }) => sum + cost_micros, 0),
    pieceMicros: (Math.max(0, ...pieces.values()) + 1) * ANSWER_PRICE,
    overshoots: streamed.map(({ run }) => overshootOf(run, pieces.get(run.id) ?? 0)),
  };
}

const READ_RUNS = `
  select r.id, r.status, r.error_code, r.output_text, r.cost_micros, r.attempt,
    a.cost_micros as last_micros, s.micros as reserve
  from public.agent_runs r
  left join public.agent_run_attempts a on a.run_id = r.id and a.attempt = r.attempt
  left join faults.reserves s on s.run_id = r.id and s.attempt = r.attempt
  where r.tenant_id = $1`;
const READ_BOOK = `
  select spent_micros as spent, reserved_micros as reserved from private.budgets where tenant_id = $1`;

function isStart(text: string | null, { textSent }: StoppedCall): boolean {
  return text !== null && text !== "" && textSent.startsWith(text);
}

const callSchema = z.object({
  requestId: z.string(),
  textSent: z.string(),
});
type StoppedCall = z.infer<typeof callSchema>;

async function lastCall({ stack }: Arena, runId: string, attempt: number) {
  const { origin } = new URL(stack.gatewayUrl ?? "");
  const response = await fetch(`${origin}/record/${runId}`);
  const calls = z.array(callSchema).parse(await response.json());
  return calls.find(({ requestId }) => requestId === `${runId}-${attempt}-1`);
}

/** Micros of a token of an answer, of the model that the workers ask by default. */
const ANSWER_PRICE = 2.5;

/** What the last attempt is billed for, over what was reserved for it. */
function overshootOf(
  { last_micros, reserve }: z.infer<typeof runsSchema>[0],
  pieceTokens: number,
): Overshoot {
  const micros = Math.max(0, (last_micros ?? 0) - (reserve ?? 0));
  // Of a token that is begun, a part may be paid for.
  return { micros, pieces: micros / ((pieceTokens + 1) * ANSWER_PRICE) };
}
