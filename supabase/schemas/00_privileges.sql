-- Closed by default. A new table, sequence or function is accessible to nobody but its owner until
-- its own file grants a privilege by name. A hosted project's defaults grant everything; these
-- statements withdraw them, so that a forgotten `revoke` opens nothing.

alter default privileges in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on functions from anon, authenticated, service_role;
-- By default everybody may execute a new function. Only a revoke without a schema changes that.
alter default privileges revoke execute on functions from public;

-- Everything that no API shows. Policies call three of its functions as the user who asks.
create schema private;
grant usage on schema private to authenticated;
