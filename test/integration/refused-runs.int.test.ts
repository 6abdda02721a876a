/** What nobody may do with a run or a pipeline that is not theirs: what every door answers to it. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { openDatabase } from "../support/database.ts";
import { callFunction, knockAtApi, knockAtRest, type Visitor, visit } from "../support/doors.ts";
import { query } from "../support/query.ts";
import { createMember, createTenant } from "../support/tenant.ts";

const house = { db: await openDatabase(), apiUrl: (await startApi()).url };
afterAll(() => house.db.close());
const owner = await createTenant();
const stranger = visit((await createTenant()).user);
const viewer = visit(await createMember(owner.workspaceId, "viewer"));
const me = visit(owner.user);

const create = (args: Readonly<Record<string, unknown>>) => ({ p_id: newRunId(), ...args });
const retryOf = (id: string) => create({ p_mode: "funnels", p_input: {}, p_retry_of: id });
const createdSchema = z.object({
  run: z.object({ id: z.guid() }).optional(),
  pipeline: z.object({ id: z.guid() }).optional(),
});
async function accept(name: string, args: Record<string, unknown>): Promise<string> {
  const created = createdSchema.parse(await house.db.call(me.caller, name, create(args)));
  return created.run?.id ?? created.pipeline?.id ?? "";
}
const ids = {
  run: await accept("create_run", { p_mode: "funnels", p_input: {} }),
  pipeline: await accept("create_pipeline", { p_steps: ["funnels"], p_inputs: {} }),
};
const endedRun = await accept("create_run", { p_mode: "funnels", p_input: {} });
await house.db.call(me.caller, "cancel_run", { p_run_id: endedRun });

interface Way {
  readonly what: string;
  readonly native: (id: string) => readonly [method: string, path: string];
  /** The function behind it; what only reads has none, and past the API reads rows. */
  readonly past?: (id: string) => readonly [name: string, args: Readonly<Record<string, unknown>>];
}

/** Everything that the doors answer to one way of asking, in the order of native, REST and SQL. */
async function ask({ native, past }: Way, visitor: Visitor, id: string) {
  const [method, path] = native(id);
  const { token } = visitor;
  const answers = [await knockAtApi(house.apiUrl + path, { method, token })];
  const [name, args] = past?.(id) ?? [];
  if (name === undefined) return answers;
  answers.push(await knockAtRest(`rpc/${name}`, { token, json: args }));
  answers.push(await callFunction(house.db, visitor.caller, [name, args ?? {}]));
  return answers;
}

const stateOf = () =>
  query(
    `select id, status, cancel_requested_at, null as step from public.agent_runs where id = any ($1)
     union all select id, status, null, step from public.pipelines where id = $2 order by id`,
    [[ids.run, endedRun], ids.pipeline],
  );

async function expectRefused(
  way: Way,
  visitor: Visitor,
  [status, code]: [number, string],
  id: string,
) {
  const before = await stateOf();
  const seen = await ask(way, visitor, id);
  const answers = [`${status} ${code}`, `${status} ${code}`, `PT${status} ${code}`];
  expect(seen.map(({ answer }) => answer)).toEqual(answers.slice(0, seen.length));
  expect(await stateOf()).toEqual(before);
  return seen;
}

const run =
  (suffix: string, method = "GET") =>
  (id: string) =>
    [method, `/v1/runs/${id}${suffix}`] as const;
const pipeline =
  (suffix: string, method = "GET") =>
  (id: string) =>
    [method, `/v1/pipelines/${id}${suffix}`] as const;
const RUN_WAYS: readonly Way[] = [
  { what: "read", native: run("") },
  { what: "waited for", native: run("?wait=1") },
  { what: "followed", native: run("/events") },
  { what: "followed from a cursor", native: run("/events?after=1-1") },
  {
    what: "cancelled",
    native: run("/cancel", "POST"),
    past: (id) => ["cancel_run", { p_run_id: id }],
  },
  {
    what: "tried again",
    native: run("/retry", "POST"),
    past: (id) => ["create_run", retryOf(id)],
  },
];
const PIPELINE_WAYS: readonly Way[] = [
  { what: "read", native: pipeline("") },
  { what: "followed", native: pipeline("/events") },
  {
    what: "cancelled",
    native: pipeline("/cancel", "POST"),
    past: (id) => ["cancel_pipeline", { p_pipeline_id: id }],
  },
];

/** Of somebody else and of nobody: the same words, to the last header. */
async function expectUnknown(way: Way, kind: keyof typeof ids): Promise<void> {
  const refusal: [number, string] = [404, `${kind}_not_found`];
  const theirs = await expectRefused(way, stranger, refusal, ids[kind]);
  const unknown = await expectRefused(way, stranger, refusal, randomUUID());
  expect(theirs.map(({ words }) => words)).toEqual(unknown.map(({ words }) => words));
}

describe("S17: a run of somebody else answers as one that does not exist", () => {
  test.each(RUN_WAYS)("S17: $what", (way) => expectUnknown(way, "run"));

  test.each(["agent_runs?id", "agent_run_attempts?run_id"])(
    "S17: read past the API: %s",
    async (path) => {
      const read = (id: string) => knockAtRest(`${path}=eq.${id}`, { token: stranger.token });
      const [theirs, unknown] = [await read(ids.run), await read(randomUUID())];
      expect(theirs.body).toEqual([]);
      expect(theirs.words).toEqual(unknown.words);
    },
  );
});

describe("a pipeline of somebody else answers as one that does not exist", () => {
  test.each(PIPELINE_WAYS)("$what", (way) => expectUnknown(way, "pipeline"));
});

describe("S31: a viewer reads, and changes nothing", () => {
  test.each(RUN_WAYS.filter(({ past }) => past))("S31: a run is not $what", async (way) => {
    await expectRefused(way, viewer, [403, "role_forbidden"], endedRun);
  });
  test.each(PIPELINE_WAYS.filter(({ past }) => past))(
    "S31: a pipeline is not $what",
    async (way) => {
      await expectRefused(way, viewer, [403, "role_forbidden"], ids.pipeline);
    },
  );

  test.each([
    ["a run", `/v1/runs/${ids.run}`],
    ["a pipeline", `/v1/pipelines/${ids.pipeline}`],
  ])("S31: %s is shown to a viewer", async (_, path) => {
    const headers = { authorization: `Bearer ${viewer.token}` };
    expect((await fetch(house.apiUrl + path, { headers })).status).toBe(200);
  });
});

test("a run that goes on is not tried again", async () => {
  const [way] = RUN_WAYS.filter(({ what }) => what === "tried again");
  if (way) await expectRefused(way, me, [409, "run_not_finished"], ids.run);
});

describe("a pipeline that cannot be made", () => {
  const steps = (...names: string[]) => ({ steps: names });
  const foreign = { workspace: owner.workspaceId };
  interface Pipeline {
    readonly visitor?: Visitor;
    readonly steps?: readonly string[];
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly workspace?: string;
  }
  const invalid: [number, string] = [400, "invalid_request"];
  test.each<[what: string, asked: Pipeline, refusal: [number, string], issue?: string]>([
    ["of no steps", steps(), invalid, "steps"],
    ["of a step twice", steps("funnels", "funnels"), invalid, "steps"],
    ["of steps out of order", steps("funnels", "strategy"), invalid, "steps"],
    ["of a mode that is no step", steps("setup"), invalid, "steps.0"],
    [
      "with an input for no step",
      { ...steps("funnels"), inputs: { content: {} } },
      invalid,
      "payload.content",
    ],
    ["with an input that is no object", { inputs: { strategy: 1 } }, invalid, "payload.strategy"],
    [
      "with a plan of nobody's",
      { ...steps("funnels"), inputs: { funnels: { planId: randomUUID() } } },
      [400, "invalid_input"],
    ],
    ["by a viewer", { visitor: viewer, ...foreign }, [403, "role_forbidden"]],
    ["in a foreign workspace", { visitor: stranger, ...foreign }, [403, "workspace_forbidden"]],
  ])("%s", async (_what, asked, [status, code], issue) => {
    const { visitor = me, steps: names = ["strategy"], inputs = {}, workspace } = asked;
    const count = () => query("select count(*) from public.pipelines");
    const before = await count();
    const json = { steps: names, payload: inputs, workspace_id: workspace };
    const native = await knockAtApi(`${house.apiUrl}/v1/pipelines`, { token: visitor.token, json });
    const args = create({ p_steps: names, p_inputs: inputs, p_workspace_id: workspace ?? null });
    const rest = await knockAtRest("rpc/create_pipeline", { token: visitor.token, json: args });
    const sql = await callFunction(house.db, visitor.caller, ["create_pipeline", args]);
    expect([native, rest, sql].map(({ answer }) => answer)).toEqual([
      `${status} ${code}`,
      `${status} ${code}`,
      `PT${status} ${code}`,
    ]);
    if (issue) expect(JSON.stringify(native.body)).toContain(`"path":"${issue}"`);
    expect(await count()).toEqual(before);
  });
});
