import { expect, test } from "vitest";
import { findRunPolicy } from "./find-run-policy.ts";

const SOURCE = `create table private.run_policy (
  id boolean primary key default true check (id),
  lease interval not null default '4 seconds',
  max_input_bytes integer not null default 262144 check (max_input_bytes > 0)
);

comment on column private.run_policy.lease is
  'Four heartbeats: the worker''s collector may stop it for one.';
`;

test("columns of the run policy are found with their defaults and comments", () => {
  expect(findRunPolicy("policy.sql", SOURCE)).toEqual([
    {
      name: "lease",
      value: "4 seconds",
      reason: "Four heartbeats: the worker's collector may stop it for one.",
      path: "policy.sql",
    },
    { name: "max_input_bytes", value: "256 KiB", reason: "", path: "policy.sql" },
  ]);
});
