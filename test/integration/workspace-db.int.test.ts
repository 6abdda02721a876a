import { once } from "node:events";
import { createServer } from "node:http";
import { createServiceClient, createWorkspaceDb } from "@cmo/shared/db";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { createTenant } from "../support/tenant.ts";

const { supabaseUrl, secretKey, databaseUrl } = inject("stack");
const service = createServiceClient({ url: supabaseUrl, secretKey });
const database = new Client({ connectionString: databaseUrl });
beforeAll(() => database.connect());
afterAll(() => database.end());

/** A workspace of a tenant of its own, with segments of these names and priorities. */
async function workspaceWith(segments: Record<string, number>) {
  const { workspaceId } = await createTenant();
  for (const [name, priority] of Object.entries(segments)) {
    await database.query(
      "insert into public.cmo_icp_segments (workspace_id, segment_name, priority_score) values ($1, $2, $3)",
      [workspaceId, name, priority],
    );
  }
  return { workspaceId, db: createWorkspaceDb(service, workspaceId) };
}

test("a list holds the workspace's rows and nobody else's", async () => {
  const mine = await workspaceWith({ a: 1, b: 2 });
  await workspaceWith({ c: 3 });
  const rows = await mine.db.list("cmo_icp_segments");
  expect(rows.map(({ segment_name }) => segment_name).sort()).toEqual(["a", "b"]);
  expect(new Set(rows.map(({ workspace_id }) => workspace_id))).toEqual(
    new Set([mine.workspaceId]),
  );
});

test("a row of another workspace looks like one that does not exist", async () => {
  const mine = await workspaceWith({ a: 1 });
  const other = await workspaceWith({ b: 1 });
  const [row] = await mine.db.list("cmo_icp_segments");
  const [foreign] = await other.db.list("cmo_icp_segments");
  expect(await mine.db.find("cmo_icp_segments", row?.id ?? "")).toMatchObject({
    segment_name: "a",
  });
  expect(await mine.db.find("cmo_icp_segments", foreign?.id ?? "")).toBeNull();
  expect(await mine.db.find("cmo_icp_segments", crypto.randomUUID())).toBeNull();
});

test("a list is ordered, filtered and bounded as it was asked for", async () => {
  const { db } = await workspaceWith({ a: 1, b: 3, c: 2, d: 4 });
  const rows = await db.list("cmo_icp_segments", {
    where: { is_primary: false },
    since: ["priority_score", "2"],
    orderBy: [["priority_score", "descending"]],
    limit: 2,
  });
  expect(rows.map(({ segment_name }) => segment_name)).toEqual(["d", "b"]);
});

test("a row without a value in the column comes last, in either direction", async () => {
  const { db, workspaceId } = await workspaceWith({ a: 1, b: 2, c: 3 });
  await database.query(
    "update public.cmo_icp_segments set priority_score = null where workspace_id = $1 and segment_name = 'b'",
    [workspaceId],
  );
  for (const direction of ["ascending", "descending"] as const) {
    const rows = await db.list("cmo_icp_segments", { orderBy: [["priority_score", direction]] });
    expect(rows.map(({ segment_name }) => segment_name).at(-1)).toBe("b");
  }
});

test("a list can be held to the rows that have no value in a column", async () => {
  const { db, workspaceId } = await workspaceWith({ a: 1, b: 2 });
  await database.query(
    "update public.cmo_icp_segments set priority_score = null where workspace_id = $1 and segment_name = 'b'",
    [workspaceId],
  );
  const rows = await db.list("cmo_icp_segments", { where: { priority_score: null } });
  expect(rows.map(({ segment_name }) => segment_name)).toEqual(["b"]);
});

test("a list can be held to a range and to some values, and to none of them", async () => {
  const { db } = await workspaceWith({ a: 1, b: 3, c: 2, d: 4 });
  const rows = await db.list("cmo_icp_segments", {
    since: ["priority_score", "2"],
    until: ["priority_score", "3"],
    among: ["segment_name", ["a", "b", "d"]],
  });
  expect(rows.map(({ segment_name }) => segment_name)).toEqual(["b"]);
  expect(await db.list("cmo_icp_segments", { among: ["segment_name", []] })).toEqual([]);
});

test("a long list is read in pages, each row once", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
  const { db } = await workspaceWith(Object.fromEntries(names.map((name) => [name, 1])));

  const rows = await db.list("cmo_icp_segments", { orderBy: [["priority_score", "ascending"]] });
  const few = await db.list("cmo_icp_segments", { limit: 11 });

  expect(new Set(rows.map(({ segment_name }) => segment_name))).toEqual(new Set(names));
  expect(few).toHaveLength(11);
  expect(db.unread()).toEqual([]);
});

/** PostgREST with a `db-max-rows` of so many: it answers fewer rows than it was asked for. */
async function startWithMaxRows(maxRows: number): Promise<string> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", supabaseUrl);
    const limit = Number(url.searchParams.get("limit"));
    if (limit > maxRows) url.searchParams.set("limit", String(maxRows));
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(url, { headers: Object.entries(headers).map(toHeader) });
    const range = answer.headers.get("content-range");
    response.writeHead(answer.status, {
      "content-type": "application/json",
      ...(range !== null && { "content-range": range }),
    });
    response.end(await answer.text());
  });
  closeAfter(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("It listens on no port.");
  return `http://127.0.0.1:${address.port}`;
}

const toHeader = ([name, value]: [string, unknown]): [string, string] => [name, String(value)];

test.each([
  ["cmo_icp_segments", 3],
  ["cmo_metrics_snapshots", 100],
] as const)(
  "all rows of %s are read if the database answers at most %i at a time",
  async (table, maxRows) => {
    const { workspaceId } = await workspaceWith(
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`s${i}`, 1])),
    );
    await database.query(
      `insert into public.cmo_metrics_snapshots (workspace_id, snapshot_date, metric_type, custom_metrics)
     select $1, date '2026-01-01' + day, 'daily', jsonb_build_object('note', repeat('x', 1900))
     from generate_series(0, 449) as day`,
      [workspaceId],
    );
    const client = createServiceClient({ url: await startWithMaxRows(maxRows), secretKey });
    const db = createWorkspaceDb(client, workspaceId);

    const rows = await db.list(table, { limit: 1000 });

    expect(new Set(rows.map(({ id }) => id)).size).toBe(table === "cmo_icp_segments" ? 20 : 450);
    expect(db.unread()).toEqual([]);
  },
);

test("of rows at their largest a run reads one page, and says that it read no more", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
  const { db, workspaceId } = await workspaceWith(
    Object.fromEntries(names.map((name) => [name, 1])),
  );
  const list = JSON.stringify(["x".repeat(62_000)]);
  await database.query(
    "update public.cmo_icp_segments set goals = $2, objections = $2 where workspace_id = $1",
    [workspaceId, list],
  );

  const rows = await db.list("cmo_icp_segments");

  expect(rows).toHaveLength(8);
  expect(JSON.stringify(rows).length).toBeLessThan(1024 * 1024);
  expect(db.unread()).toEqual(["cmo_icp_segments"]);
});
