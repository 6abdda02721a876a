import { expect, test } from "vitest";
import { findTenantLimits } from "./find-tenant-limits.ts";

const SOURCE = `comment on column private.tenant_limits.max_queued is
  'Runs that wait for a worker: a tenant''s own.';

insert into private.tenant_limits (
  weight, max_queued,
  runs_per_day)
values (1, 50, 2000);
`;

test("the defaults are found with their comments", () => {
  expect(findTenantLimits("limits.sql", SOURCE)).toEqual([
    { name: "weight", value: "1", reason: "", path: "limits.sql" },
    {
      name: "max_queued",
      value: "50",
      reason: "Runs that wait for a worker: a tenant's own.",
      path: "limits.sql",
    },
    { name: "runs_per_day", value: "2 000", reason: "", path: "limits.sql" },
  ]);
});
