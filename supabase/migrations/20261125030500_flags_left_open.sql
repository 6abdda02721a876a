-- A flag that a conversation does not raise was left open, like a text without content: naming the
-- primary segment again does not make it one of the others. Screens lower flags.

create or replace function private.named_members(p_values jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.key, v.value), '{}')
  from (select e.key, jsonb_strip_nulls(e.value) as value from jsonb_each(p_values) e) v
  where v.value not in ('null', '""', '[]', '{}', 'false')
$$;

revoke all on all functions in schema private from public;
