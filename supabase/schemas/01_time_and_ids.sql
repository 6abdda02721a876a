-- Small functions of time: the `updated_at` trigger, durations, and ids that sort by time.

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- Milliseconds since a moment; 0 when it is null.
create function private.ms_since(p_moment timestamptz) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(round(extract(epoch from now() - p_moment) * 1000)::integer, 0);
end $$;

-- A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. PostgreSQL 17
-- has no function of its own for it. Bits 52 and 53 turn the version nibble from 4 into 7.
create function private.uuid_v7() returns uuid
language sql volatile set search_path = ''
as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
    from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
