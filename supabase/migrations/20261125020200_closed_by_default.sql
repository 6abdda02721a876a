-- Closed until opened: what a later migration creates is nobody's until it grants rights by name,
-- though a project's own defaults grant everything. Forgetting a revoke then opens nothing.

alter default privileges in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on functions from anon, authenticated, service_role;
-- Everybody may call a new function unless this is said for all schemas at once.
alter default privileges revoke execute on functions from public;

-- The ledger's own tables are in no API and granted to nobody; row level security is the second
-- lock. Its functions run as the owner, whom it does not bind.
alter table private.run_policy enable row level security;
alter table private.sweep_state enable row level security;
alter table private.run_transitions enable row level security;
