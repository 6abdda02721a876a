/** Metrics from a file or as JSON, through the API. */
import { expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { callRest } from "../support/rest.ts";
import { createTenant } from "../support/tenant.ts";

const api = await startApi();
const CSV = "Date;Impressions;Clicks;Spend\n2026-01-01;1000;40;12.50\n2026-01-02;900;30;11\n";
const post = (token: string, body: string, query = "") =>
  api.fetch(`/v1/metrics/import${query}`, token, { body, headers: { "content-type": "text/csv" } });

test("a CSV file is checked, then imported, and read as rows of the workspace", async () => {
  const { user, workspaceId } = await createTenant();
  const checked = await post(user.token, CSV, `?workspace_id=${workspaceId}&dry_run=true`);
  expect(await checked.json()).toMatchObject({ dry_run: true, lines: 2, imported: 0, new: 2 });
  const imported = await post(user.token, CSV);
  expect(imported.status).toBe(200);
  expect(await imported.json()).toMatchObject({ lines: 2, imported: 2, errors: [] });
  const { body } = await callRest("cmo_metrics_snapshots?select=clicks,cost&order=snapshot_date", {
    token: user.token,
  });
  expect(body).toEqual([
    { clicks: 40, cost: 12.5 },
    { clicks: 30, cost: 11 },
  ]);
});

test("JSON lines are imported, and refused ones are named by their number", async () => {
  const { user, workspaceId } = await createTenant();
  const lines = [{ snapshot_date: "2026-01-01", clicks: 3 }, { snapshot_date: "soon" }];
  const json = { workspace_id: workspaceId, lines };
  const dry = await api.fetch("/v1/metrics/import", user.token, {
    json: { ...json, dry_run: true },
  });
  expect(await dry.json()).toMatchObject({ errors: [{ line: 2, path: "snapshot_date" }] });
  const refused = await api.fetch("/v1/metrics/import", user.token, { json });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: expect.stringContaining("line 2, snapshot_date: Must be a day"),
    issues: [{ path: "line 2, snapshot_date" }],
  });
  const whole = await api.fetch("/v1/metrics/import", user.token, {
    json: { ...json, lines: lines.slice(0, 1) },
  });
  expect(await whole.json()).toMatchObject({ imported: 1 });
});

test("the number of a refused line is that of the file", async () => {
  const { user } = await createTenant();
  const refused = await post(user.token, "date,clicks\n2026-01-01,1\n\n2026-01-02,many\n");
  expect(await refused.json()).toMatchObject({ error: expect.stringContaining("line 4, clicks") });
});

test("a file that is no table, or too large, is refused in words", async () => {
  const { user } = await createTenant();
  const broken = await post(user.token, "date,clicks\n2026-01-01\n");
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ error: expect.stringContaining("line 2") });
  expect((await post(user.token, "x".repeat(1024 * 1024 + 1))).status).toBe(413);
});
