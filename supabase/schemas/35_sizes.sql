-- How large a row of a workspace may be. Users write most of these columns and runs read all of them.
-- One worker serves many tenants, so the size of one tenant's rows must not affect the others.
--
-- The limits, with their reasons:
-- - Names and titles appear in lists: 500 characters, the ceiling of run_policy.max_name_chars.
-- - A text is at most a long article: 20000 characters. The agents' output schemas have the same limit.
-- - A list or an object holds at most 65536 bytes, which is more than a whole answer usually has.
-- - A row holds at most 131072 bytes as JSON, so that a page of 8 rows is at most 1 MiB. Numbers count
--   too: a numeric may have 131072 digits.
-- - Workers read 1000 metrics at a time. Custom metrics hold at most 2048 bytes.
--
-- The name of a constraint is the reason that a caller reads: `tagline_has_at_most_20000_characters`.
-- The columns come from the catalogue, so a new one needs no line here; `npm run db:diff` prints its
-- constraint.

create function private.size_limits() returns table (table_name regclass, name text, expression text)
language sql stable set search_path = ''
as $$
  with columns as (
    select c.oid::regclass as table_name, a.attnum, a.attname, a.atttypid::regtype::text as type
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (c.relname like 'cmo\_%' or c.relname in ('tenants', 'workspaces'))
      and a.atttypid::regtype::text in ('text', 'text[]', 'jsonb', 'numeric')
  ), limits as (
    select c.*, case
        -- guards G1: name size
        when c.type = 'text' and c.attname ~ '(^|_)(name|title|slug)$' then 500
        -- guards G1: text size
        when c.type = 'text' then 20000
        -- guards G1: metrics size
        when c.attname = 'custom_metrics' then 2048
        -- guards G1: list size
        else 65536
      end as maximum
    from columns c where c.type <> 'numeric'
  )
  -- guards G1: row size
  select c.table_name, 'row_has_at_most_131072_bytes', format('%s <= 131072',
    string_agg(format('coalesce(octet_length(to_json(%I)::text), 0)', c.attname), ' + ' order by c.attnum))
  from columns c group by c.table_name
  union all
  select l.table_name,
    format('%s_has_at_most_%s_%s', l.attname, l.maximum, case when l.type = 'text' then 'characters' else 'bytes' end),
    format(case when l.type = 'text' then 'char_length(%I) <= %s' else 'octet_length(to_json(%I)::text) <= %s' end,
      l.attname, l.maximum)
  from limits l
$$;

do $$
declare
  v_limit record;
begin
  for v_limit in select l.* from private.size_limits() l loop
    execute format('alter table %s add constraint %I check (%s)', v_limit.table_name, v_limit.name, v_limit.expression);
  end loop;
end $$;
