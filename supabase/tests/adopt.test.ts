/**
 * How our schema comes into a project that has tables already, and out of it again: on an empty
 * project, on the original app's with its data, on one with nothing but runs, and on one with other
 * policies. Each is adopted by the program itself, as an operator runs it.
 */
import { readFileSync } from "node:fs";
import { Client } from "pg";
import { afterEach, describe, expect, inject, test } from "vitest";
import { createScratchDatabase } from "../../dev/src/database/scratch-database.ts";
import { adopt, adoptUntil } from "./support/adopt.ts";
import { dumpCatalogue } from "./support/dump-catalogue.ts";
import { dumpRows } from "./support/dump-rows.ts";
import { createOwnDatabase } from "./support/own-database.ts";

const FIXTURES = {
  "an empty project": [],
  "the original app's project": ["original", "original-data"],
  "a project with nothing but runs": ["only-runs"],
  "a project with other policies": ["other-policies"],
} as const;

type Fixture = keyof typeof FIXTURES;

const PROJECTS: Fixture[] = [
  "an empty project",
  "the original app's project",
  "a project with nothing but runs",
  "a project with other policies",
];

const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function createProject(fixture: Fixture): Promise<{ url: string; client: Client }> {
  const scratch = await createScratchDatabase(inject("stack").databaseUrl);
  closes.push(scratch.close);
  const client = new Client({ connectionString: scratch.url });
  await client.connect();
  closes.push(() => client.end());
  for (const name of FIXTURES[fixture]) {
    const file = new URL(`../adopt/test/fixtures/${name}.sql`, import.meta.url);
    await client.query(readFileSync(file, "utf8"));
  }
  return { url: scratch.url, client };
}

const withoutRecord = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.includes("private.adoption"));

describe.each(PROJECTS)("%s", (fixture) => {
  test("is only read by the check", async () => {
    const { url, client } = await createProject(fixture);
    const before = [await dumpCatalogue(client), await dumpRows(client)];
    const { output } = await adopt(url, "check", ["--all"]);
    expect(output).toContain("Nothing was changed.");
    expect([await dumpCatalogue(client), await dumpRows(client)]).toEqual(before);
  });

  test("keeps every row of its own, adopted twice", async () => {
    const { url, client } = await createProject(fixture);
    const columns = await dumpRows(client);
    await adopt(url, "apply");
    const once = await dumpCatalogue(client);
    expect(await dumpRows(client, columns)).toEqual(columns);
    await adopt(url, "apply");
    expect(await dumpCatalogue(client)).toEqual(once);
    expect((await adopt(url, "check", ["--all"])).output).not.toContain("would replace");
  });

  test("is the same when the adoption was killed anywhere and run again", async () => {
    const whole = await createProject(fixture);
    await adopt(whole.url, "apply");
    const expected = await dumpCatalogue(whole.client);
    for (const afterLines of [40, 260]) {
      const { url, client } = await createProject(fixture);
      await adoptUntil(url, afterLines);
      await adopt(url, "apply");
      expect(withoutRecord(await dumpCatalogue(client))).toEqual(withoutRecord(expected));
    }
  });

  test("is as it was before after the way back, also from the middle", async () => {
    const { url, client } = await createProject(fixture);
    const before = [await dumpCatalogue(client), await dumpRows(client)];
    await adoptUntil(url, 120);
    await adopt(url, "back");
    expect([await dumpCatalogue(client), await dumpRows(client)]).toEqual(before);
    await adopt(url, "apply");
    await adopt(url, "back");
    expect([await dumpCatalogue(client), await dumpRows(client)]).toEqual(before);
    expect((await adopt(url, "back")).output).toContain("nothing to take back");
  });
});

test("an empty project becomes what the schemas describe, and its privileges by default stay", async () => {
  const { url, client } = await createProject("an empty project");
  const ofPrivileges = (line: string) => line.startsWith("defaultPrivileges");
  const before = (await dumpCatalogue(client)).filter(ofPrivileges);
  await adopt(url, "apply");
  expect((await dumpCatalogue(client)).filter(ofPrivileges)).toEqual(before);
  expect(before.length).toBeGreaterThan(0);
  const described = await createOwnDatabase("schemas");
  closes.push(described.close);
  const isOurs = (line: string) =>
    !/private\.adoption|user_tenants/.test(line) && !ofPrivileges(line);
  const wanted = (await dumpCatalogue(await described.connect())).filter(isOurs);
  const found = (await dumpCatalogue(client)).filter(isOurs);
  expect(found.filter((line) => !wanted.includes(line))).toEqual([]);
  expect(wanted.filter((line) => !found.includes(line))).toEqual([]);
});

test("a project that our migrations made has nothing missing", async () => {
  const own = await createOwnDatabase();
  closes.push(own.close);
  const { output } = await adopt(own.url, "check", ["--all"]);
  expect(output.split("\n").filter((line) => /would (add|replace)/.test(line))).toEqual([
    expect.stringContaining("user_tenants"),
    expect.stringContaining("user_tenants"),
    expect.stringContaining("user_tenants"),
  ]);
});

test("a way back that would take rows of users along asks first", async () => {
  const { url, client } = await createProject("an empty project");
  await adopt(url, "apply");
  await client.query(
    `with t as (insert into public.tenants (name, slug) values ('T', 't') returning id)
     insert into public.workspaces (tenant_id, name, slug, owner_id)
     select t.id, 'W', 'w', gen_random_uuid() from t`,
  );
  const refused = await adopt(url, "back", [], 1);
  expect(refused.output).toContain("public.workspaces: 1");
  await adopt(url, "back", ["--drop-rows"]);
});

test("rows that break a rule are left and named, and once they are mended the rule holds", async () => {
  const { url, client } = await createProject("the original app's project");
  const boss = "update public.workspace_members set role = $1 where role = $2";
  await client.query(boss, ["boss", "admin"]);
  const first = await adopt(url, "apply");
  expect(first.output).toContain("Done, except 1 step");
  expect(first.output).toContain("select * from public.workspace_members where not");
  await adopt(url, "apply");
  await client.query(boss, ["admin", "boss"]);
  expect((await adopt(url, "apply")).output).toContain("Done. Next");
  await expect(client.query(boss, ["boss", "admin"])).rejects.toThrow("role_check");
});

test("rules of the kernel are not called the project's own after they were added", async () => {
  const { url } = await createProject("the original app's project");
  const before = (await adopt(url, "check")).output;
  await adopt(url, "apply");
  const after = (await adopt(url, "check")).output;
  const notes = (output: string) =>
    output.split("\n").filter((line) => /rule of yours|policies on/.test(line));
  expect(notes(after)).toEqual(notes(before));
  expect(after).toContain("There is nothing to do.");
});

test.each([
  ["create table public.pipelines (id integer)", "public.pipelines"],
  [
    "create schema private; create function private.my_roles() returns int language sql as 'select 1'",
    "private.my_roles()",
  ],
  ["create table public.workspaces (id bigint primary key, name text)", "public.workspaces.id"],
])(
  "a project in which the kernel cannot work is told so before anything is done: %s",
  async (sql, about) => {
    const { url, client } = await createProject("an empty project");
    await client.query(sql);
    const before = await dumpCatalogue(client);
    expect((await adopt(url, "check")).output).toContain("First mend what stops it");
    const { output } = await adopt(url, "apply", [], 1);
    expect(output).toContain("Nothing was done");
    expect(output).toContain(about);
    expect(await dumpCatalogue(client)).toEqual(before);
  },
);

test("a policy that lets everybody in is named before all others", async () => {
  const { url } = await createProject("a project with other policies");
  const { output } = await adopt(url, "check");
  expect(output).toMatch(
    /Open to too many, mend this:\n {2}policy public\.agent_runs\..+: Lets everybody in/,
  );
});

test("an operator who interrupts is told where it stands, and goes on from there", async () => {
  const { url } = await createProject("an empty project");
  const { output } = await adoptUntil(url, 30, "SIGINT");
  expect(output).toMatch(/Stopped after \d+ of \d+ steps\. Run apply to go on, or back to undo\./);
  expect((await adopt(url, "check")).output).toContain("was begun here and is not finished");
  await adopt(url, "apply");
});

test("nothing is taken back while a run has not ended, and what stays is said", async () => {
  const { url, client } = await createProject("the original app's project");
  await adopt(url, "apply");
  const insert = `insert into public.agent_runs (id, tenant_id, workspace_id, created_by, agent, mode, input,
      status, phase, expires_at, completed_at)
    select private.uuid_v7(), w.id, w.id, w.owner_id, 'cmo-plan-90day', 'strategy', '{}', $1, $2, now(), $3
    from public.workspaces w limit 1`;
  await client.query(insert, ["running", "queued", null]);
  expect((await adopt(url, "back", ["--drop-rows"], 1)).output).toContain("1 runs have not ended");
  await client.query(
    "update public.agent_runs set status = 'cancelled', phase = 'done', completed_at = now() where phase = 'queued'",
  );
  const { output } = await adopt(url, "back", ["--drop-rows"]);
  expect(output).toContain("1 runs of the kernel stay");
});

test("two adoptions at once: the second says so", async () => {
  const { url, client } = await createProject("an empty project");
  await client.query("select pg_advisory_lock(hashtext('cmo-kernel adoption'))");
  expect((await adopt(url, "apply", [], 1)).output).toContain("Another adoption");
});

test.each([
  [["apply", "--database-url", "postgres://127.0.0.1:1/none"], 1, "Nothing answers"],
  [["adopt"], 2, 'There is no command "adopt"'],
  [[], 2, "The command is missing"],
  [["check", "--speed"], 2, "Unknown option '--speed'. --help"],
  [["check", "--database-url", "https://x.supabase.co"], 1, "must begin with postgres://"],
])("%j is refused with a sentence", async (args, code, sentence) => {
  expect((await adopt(null, null, args, code)).output).toContain(sentence);
});
