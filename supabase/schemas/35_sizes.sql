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

do $$
declare
  v_table record;
  v_column record;
begin
  for v_table in
    select c.oid::regclass as name,
      string_agg(format('coalesce(octet_length(to_json(%I)::text), 0)', a.attname), ' + ' order by a.attnum) as bytes
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (c.relname like 'cmo\_%' or c.relname in ('tenants', 'workspaces'))
      and a.atttypid::regtype::text in ('text', 'text[]', 'jsonb', 'numeric')
    group by c.oid
  loop
    -- guards G1: row size
    execute format('alter table %s add constraint row_has_at_most_131072_bytes check (%s <= 131072)',
      v_table.name, v_table.bytes);
    for v_column in
      select a.attname as name, case
          -- guards G1: name size
          when a.atttypid = 'text'::regtype and a.attname ~ '(^|_)(name|title|slug)$' then 500
          -- guards G1: text size
          when a.atttypid = 'text'::regtype then 20000
          -- guards G1: metrics size
          when a.attname = 'custom_metrics' then 2048
          -- guards G1: list size
          else 65536
        end as maximum,
        a.atttypid = 'text'::regtype as is_text
      from pg_catalog.pg_attribute a
      where a.attrelid = v_table.name and a.attnum > 0 and not a.attisdropped
        and a.atttypid::regtype::text in ('text', 'text[]', 'jsonb')
      order by a.attnum
    loop
      execute format('alter table %s add constraint %I check (%s <= %s)', v_table.name,
        format('%s_has_at_most_%s_%s', v_column.name, v_column.maximum,
          case when v_column.is_text then 'characters' else 'bytes' end),
        format(case when v_column.is_text then 'char_length(%I)' else 'octet_length(to_json(%I)::text)' end,
          v_column.name),
        v_column.maximum);
    end loop;
  end loop;
end $$;
