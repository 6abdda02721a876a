/** What nobody may submit, whoever they are: what every door answers to it. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterAll, describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { openDatabase } from "../support/database.ts";
import { type Answers, everywhere, none, type Submission, visit } from "../support/doors.ts";
import { placeRow } from "../support/query.ts";
import { expectRefused, readRefusals } from "../support/refusal-rows.ts";
import { addMember, createMember, createTenant } from "../support/tenant.ts";

const house = { db: await openDatabase(), apiUrl: (await startApi()).url };
afterAll(() => house.db.close());
// A refusal takes milliseconds; what is worked out first takes longer than this.
await house.db.query("set statement_timeout = '10s'");
const [mine, theirs] = [await createTenant(), await createTenant()];
const ordinary: Submission = { visitor: visit(mine.user), mode: "strategy", payload: "{}" };
const secret = `Quillfeather ${randomUUID()}`;
const table = { house, ordinary, secret, workspaceIds: [mine, theirs].map((t) => t.workspaceId) };

/** One cell for the doors of the API. */
const api = (cell: Answers["native"]) => ({ native: cell, kernel: cell, agent: cell });
const ofTheApi = api(none("the API decides it, callers cannot"));
const isTheAddress = { agent: none("the mode is the address") };
const unknownMode = everywhere(400, "unknown_mode", isTheAddress);
const invalid = everywhere(400, "invalid_request");
const invalidKey = everywhere(400, "invalid_idempotency_key");
const mismatch = everywhere(422, "idempotency_mismatch");

const UNKNOWN_MODES = [
  ...["poetry", "__proto__", "constructor", "toString", "hasOwnProperty", "STRATEGY"],
  ...["strategy ", "", "../cmo-kernel", "strategy\n", "x".repeat(100_000)],
];

describe("S33: a mode is one of the table's own, never a member of an object", () => {
  test.each(UNKNOWN_MODES)("S33: %j", (mode) =>
    expectRefused(table, { asked: { mode }, answers: unknownMode }),
  );

  test("S33: a mode that ends in a NUL", () => {
    const answers = { ...invalid, ...isTheAddress, sql: "22021", rest: "400 22021" };
    return expectRefused(table, { asked: { mode: "cmo-plan-90day\0" }, answers });
  });

  test.each([null, 7, {}, ["strategy"], true])("S33: %j, which is no text", (mode) => {
    const isText = none("the argument is of type text");
    const answers = { ...invalid, ...isTheAddress, sql: isText, rest: isText };
    return expectRefused(table, { asked: { mode }, answers });
  });
});

describe("S20: an idempotency key is printable, short and for one request", () => {
  test.each<[string, string, Answers]>([
    ["too long", "k".repeat(256), invalidKey],
    ["of another alphabet", "cl\u00e9", invalidKey],
    ["with a tab", "a\tb", invalidKey],
    ["that is empty", "", invalidKey],
    ["of letters", "ключ", { ...invalidKey, ...api(none("no header can hold it")) }],
    ["of two lines", "a\nb", { ...invalidKey, ...api(none("no header can hold it")) }],
  ])("S20: a key %s", (_, key, answers) => expectRefused(table, { asked: { key }, answers }));

  const saves = { args: { p_save: true }, members: { save: true } };
  test.each<[string, Partial<Submission>, Partial<Answers>]>([
    ["of another payload", { payload: '{"budget":7}' }, {}],
    ["of another mode", { mode: "content" }, {}],
    ["that saves", saves, { kernel: none("saves never"), agent: none("saves never") }],
  ])("a key that was used, for a request %s", async (_, asked, but) => {
    const key = randomUUID();
    const first = { p_id: newRunId(), p_mode: "strategy", p_input: {}, p_idempotency_key: key };
    await house.db.call(ordinary.visitor.caller, "create_run", first);
    await expectRefused(table, { asked: { key, ...asked }, answers: { ...mismatch, ...but } });
  });
});

test("an id that somebody else's run has is taken, and the refusal shows nothing of that run", async () => {
  const p_id = newRunId();
  const run = { p_id, p_mode: "strategy", p_input: {} };
  await house.db.call(visit(theirs.user).caller, "create_run", run);
  const answers = { ...everywhere(409, "id_taken"), ...ofTheApi };
  const seen = await readRefusals(table, { asked: { args: { p_id } }, answers });
  expect(seen.get("sql")?.body).toBeUndefined();
  expect(seen.get("rest")?.body).toMatchObject({ details: null });
});

describe("arguments that callers of the function may not choose", () => {
  test.each<[string, Record<string, unknown>]>([
    ["no id", { p_id: null }],
    ["an id that does not sort by time", { p_id: randomUUID() }],
    ["an unknown policy for rate limits", { p_on_rate_limit: "beg" }],
  ])("%s", (_, args) =>
    expectRefused(table, { asked: { args }, answers: { ...invalid, ...ofTheApi } }),
  );

  const limits = ["p_deadline", "p_expires_at", "p_max_attempts", "p_created_by", "p_agent"];
  test.each(limits)("S73: %s is no argument", (name) => {
    const answers = { sql: "42883", rest: "404 PGRST202", ...ofTheApi };
    return expectRefused(table, { asked: { args: { [name]: "2099-01-01" } }, answers });
  });
});

describe("S21: what a caller may not decide is refused by name", () => {
  const why = none("S73: the function has no such argument");
  const ignored = none("ignored, as by the functions that were replaced");
  const answers = { ...invalid, sql: why, rest: why, kernel: ignored, agent: ignored };
  const strings = [
    "created_by",
    "id",
    "jobId",
    "on_rate_limit",
    "model",
    "base_url",
    "output_text",
  ];
  test.each<[name: string, value: unknown]>([
    ...strings.map((name): [string, string] => [name, "x"]),
    ["status", "completed"],
    ["attempt", 9],
    ["output", { plan_name: "mine" }],
    ["usage", { total_tokens: 0 }],
    ["priority", 1],
    ["max_tokens", 1_000_000],
  ])("S21: %s, beside the payload and in it", async (name, value) => {
    const members = { [name]: value };
    const issue = (path: string) => ({ issues: [{ path, message: "Is not a known member" }] });
    const beside = await readRefusals(table, { asked: { members }, answers });
    expect(beside.get("native")?.body).toMatchObject(issue(name));
    const payload = JSON.stringify(members);
    const inside = await readRefusals(table, { asked: { payload }, answers });
    expect(inside.get("native")?.body).toMatchObject(issue(`payload.${name}`));
  });

  test("S21: several at once are each named", async () => {
    const members = Object.fromEntries(strings.map((name) => [name, "x"]));
    const seen = await readRefusals(table, { asked: { members }, answers });
    const issues = strings.map((path) => ({ path, message: "Is not a known member" }));
    expect(seen.get("native")?.body).toMatchObject({ issues });
  });
});

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;
const asDouble = none("the stand-in reads numbers as doubles; PostgREST passes them on");
const INPUTS: readonly [what: string, payload: string | null, answers: Answers][] = [
  ["is missing", null, { ...invalid, ...api(none("a missing payload is an empty one")) }],
  ["is a list", "[1]", invalid],
  ["is a text", '"text"', { ...invalid, rest: "400 22P02" }],
  [
    "is too large",
    JSON.stringify({ primaryGoal: "x".repeat(300_000) }),
    { ...everywhere(413, "input_too_large"), ...api("413 body_too_large") },
  ],
  ["is too deep", nested(33), invalid],
  ["has lists too deep", `{"a":${"[".repeat(32)}${"]".repeat(32)}}`, invalid],
  ["has a number beyond all bounds", '{"a":[{"b":-1e309}]}', { ...invalid, rest: asDouble }],
  [
    "has a number smaller than any",
    '{"a":1e-16000}',
    { ...invalid, rest: asDouble, ...api(none("JSON.parse reads it as zero")) },
  ],
  [
    "has twenty thousand short numbers that are two gigabytes of text",
    `{"a":[${Array.from({ length: 20_000 }, () => "1e131000").join(",")}]}`,
    { ...invalid, rest: asDouble },
  ],
  ["has a poisonous name", '{"__proto__":{"a":1}}', invalid],
  ["has a name that poisons what merges it", '{"a":{"__proto__":{"b":1}}}', invalid],
  ["has a constructor that does", '{"a":[{"constructor":{"prototype":1}}]}', invalid],
  ["has a NUL", '{"primaryGoal":"a\\u0000b"}', { ...invalid, sql: "22P05", rest: "400 22P05" }],
  ["has half a pair", '{"primaryGoal":"\\ud800"}', { ...invalid, sql: "22P02", rest: "400 22P02" }],
];

test.each(INPUTS)("an input that %s", (_, payload, answers) =>
  expectRefused(table, { asked: { payload }, answers }),
);

describe("a parent that an input names", () => {
  const PARENTS = [
    ["planId", "funnels", "cmo_marketing_plans", { plan_name: secret }],
    ["funnelId", "optimization", "cmo_funnels", { funnel_name: secret }],
    ["campaignId", "content", "cmo_campaigns", { campaign_name: secret, campaign_type: "c" }],
    ["stageId", "campaigns", "cmo_funnel_stages", { stage_name: secret, stage_type: "s" }],
    ["planId", "optimization", "cmo_marketing_plans", { plan_name: secret }],
    ["funnelId", "campaigns", "cmo_funnels", { funnel_name: secret }],
  ] as const;
  const unknownParent = everywhere(400, "invalid_input");

  test.each(PARENTS)(
    "S16: a foreign %s in %s, as one that does not exist (leak 2)",
    async (field, mode, name, columns) => {
      const id = randomUUID();
      const workspace = { workspace_id: theirs.workspaceId };
      const funnel = { id: randomUUID(), ...workspace, funnel_name: secret };
      if (name === "cmo_funnel_stages") await placeRow("cmo_funnels", funnel);
      const under = name === "cmo_funnel_stages" ? { funnel_id: funnel.id } : workspace;
      await placeRow(name, { id, ...under, ...columns });
      const both = await createMember(mine.workspaceId, "member");
      await addMember(theirs.workspaceId, both.id, "member");
      for (const caller of [mine.user, both]) {
        const request = { visitor: visit(caller), mode, workspaceId: mine.workspaceId };
        const naming = (value: string) => ({
          ...request,
          payload: JSON.stringify({ [field]: value }),
        });
        const row = { asked: naming(id), like: naming(randomUUID()), answers: unknownParent };
        const seen = await readRefusals(table, row);
        for (const [door, { words }] of seen) expect(JSON.stringify(words), door).toContain(field);
      }
    },
  );

  const fields = PARENTS.map(([field, mode]) => [field, mode] as const).slice(0, 4);
  const NO_IDS = ["x", 7, {}, [randomUUID()], true, `{${randomUUID()}}`];
  test.each(fields)("a %s in %s that is no id", async (field, mode) => {
    for (const value of NO_IDS) {
      const payload = JSON.stringify({ [field]: value });
      await expectRefused(table, { asked: { mode, payload }, answers: invalid });
    }
  });
});
