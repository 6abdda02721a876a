/** A table of days that a marketer brings along: checked whole, written whole, and again without harm. */
import { describe, expect, test } from "vitest";
import { type Caller, type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { place } from "./support/domain-rows.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";

interface Imported {
  readonly lines: number;
  readonly imported: number;
  readonly new: number;
  readonly replaced: number;
  readonly errors: readonly { line: number; path: string; message: string }[];
}

type Line = Readonly<Record<string, unknown>>;

const importLines = (db: Database, caller: Caller, lines: readonly Line[], dryRun = false) =>
  db.call<Imported>(caller, "import_metrics", {
    p_lines: JSON.stringify(lines),
    p_dry_run: dryRun,
  });

async function createCampaign(db: Database, { workspaceId }: Tenant, name = "Spring") {
  const campaign = await place(db, "cmo_campaigns", {
    workspace_id: workspaceId,
    campaign_name: name,
    campaign_type: "lead_gen",
  });
  const channel = await place(db, "cmo_campaign_channels", {
    campaign_id: campaign.id,
    channel_name: "LinkedIn",
  });
  return { campaignId: campaign.id, channelId: channel.id };
}

const rowsOf = (db: Database, { workspaceId }: Tenant) =>
  db.query<Record<string, unknown>>(
    `select campaign_id, channel_id, snapshot_date::text, metric_type, impressions, clicks,
       cost::float, data_mode from public.cmo_metrics_snapshots
     where workspace_id = $1 order by snapshot_date, metric_type, campaign_id`,
    [workspaceId],
  );

const DAY = { snapshot_date: "2026-01-31", impressions: "1000", clicks: 40, cost: "12.50" };

test("lines are written with the ids of what they name, and a second import replaces them", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { campaignId, channelId } = await createCampaign(db, tenant);
    const lines = [
      { ...DAY, campaign: " spring " },
      { ...DAY, snapshot_date: "2026-02-01", campaign_id: campaignId.toUpperCase() },
      { ...DAY, channel: "linkedin" },
      { ...DAY, metric_type: "monthly" },
    ];
    expect(await importLines(db, tenant.owner, lines)).toMatchObject({
      lines: 4,
      imported: 4,
      new: 4,
      replaced: 0,
      errors: [],
    });
    const again = lines.map((line) => ({ ...line, clicks: 41 }));
    expect(await importLines(db, tenant.owner, again)).toMatchObject({ new: 0, replaced: 4 });
    const day = { impressions: 1000, clicks: 41, cost: 12.5, data_mode: "live" };
    const of = { campaign_id: null, channel_id: null, ...day };
    expect(await rowsOf(db, tenant)).toEqual([
      { ...of, campaign_id: campaignId, snapshot_date: "2026-01-31", metric_type: "daily" },
      { ...of, channel_id: channelId, snapshot_date: "2026-01-31", metric_type: "daily" },
      { ...of, snapshot_date: "2026-01-31", metric_type: "monthly" },
      { ...of, campaign_id: campaignId, snapshot_date: "2026-02-01", metric_type: "daily" },
    ]);
  }));

test("a dry run says the same and writes nothing", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    expect(await importLines(db, tenant.owner, [DAY], true)).toMatchObject({ imported: 0, new: 1 });
    expect(await rowsOf(db, tenant)).toEqual([]);
  }));

describe("a line that cannot be right is named with its reason, and nothing is written", () => {
  test.each([
    [{ snapshot_date: "31.01.2026" }, "snapshot_date", "Must be a day"],
    [{ snapshot_date: "2026-02-30" }, "snapshot_date", "Must be a day"],
    [{ snapshot_date: "2099-01-01" }, "snapshot_date", "Must not lie in the future"],
    [{ metric_type: "hourly" }, "metric_type", "Must be daily, weekly or monthly"],
    [{ clicks: "1,000" }, "clicks", "Must be a whole number"],
    [{ clicks: -1 }, "clicks", "Must be a whole number"],
    [{ impressions: 1.5 }, "impressions", "Must be a whole number"],
    [{ cost: "1.234,56" }, "cost", "Must be an amount"],
    [{ cost: "NaN" }, "cost", "Must be an amount"],
    [{ revenue: "1e9" }, "revenue", "Must be an amount"],
    [{ campaign: "Autumn" }, "campaign", "has no such campaign"],
    [{ campaign: "Twice" }, "campaign", "Several campaigns"],
    [{ campaign_id: "x" }, "campaign_id", "has no such campaign"],
    [{ channel: "Radio" }, "channel", "no such channel"],
    [{ visitors: 3 }, "visitors", "not a known column"],
  ])("%j", (change, path, message) =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      await createCampaign(db, tenant);
      for (const name of ["Twice", "twice"]) await createCampaign(db, tenant, name);
      const { errors } = await importLines(db, tenant.owner, [DAY, { ...DAY, ...change }]);
      expect(errors).toEqual([{ line: 2, path, message: expect.stringContaining(message) }]);
      expect(await rowsOf(db, tenant)).toEqual([]);
    }),
  );

  test("the same day twice", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { errors } = await importLines(db, tenant.owner, [DAY, DAY]);
      expect(errors).toMatchObject([{ line: 2, message: expect.stringContaining("Line 1") }]);
    }));
});

test("another workspace's campaign and channel are unknown, and its rows are not replaced", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const foreign = await createCampaign(db, theirs);
    await importLines(db, theirs.owner, [{ ...DAY, campaign: "Spring" }, DAY]);
    const { errors } = await importLines(db, mine.owner, [
      { ...DAY, campaign_id: foreign.campaignId },
      { ...DAY, channel_id: foreign.channelId },
    ]);
    expect(errors.map(({ path }) => path)).toEqual(["campaign_id", "channel_id"]);
    await importLines(db, mine.owner, [{ ...DAY, clicks: 1 }]);
    expect((await rowsOf(db, theirs)).map(({ clicks }) => clicks)).toEqual([40, 40]);
  }));

test("viewers, strangers and tables without or with too many lines are refused", () =>
  inRollback(async (db) => {
    const { workspaceId, owner } = await createTenant(db);
    const viewer = await addMember(db, workspaceId, "viewer");
    expect((await refusalOf(importLines(db, viewer, [DAY]))).message).toBe("role_forbidden");
    const stranger = (await createTenant(db)).owner;
    const args = { p_workspace_id: workspaceId, p_lines: JSON.stringify([DAY]) };
    expect((await refusalOf(db.call(stranger, "import_metrics", args))).message).toBe(
      "workspace_forbidden",
    );
    await db.query("update private.run_policy set max_imported_lines = 2");
    const days = [1, 2, 3].map((day) => ({ ...DAY, snapshot_date: `2026-01-0${day}` }));
    for (const lines of [[], days]) {
      const { message, detail } = await refusalOf(importLines(db, owner, lines));
      expect(message).toBe("invalid_request");
      expect(detail).toContain("1 to 2 lines");
    }
  }));
