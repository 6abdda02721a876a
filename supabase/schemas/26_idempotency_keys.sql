-- Idempotency keys: which run or pipeline a caller's key stands for, until the key expires.
--
-- They are a table of their own, because agent_runs cannot hold a unique constraint without its id
-- once it is partitioned, and because a key is needed for a day and a run for years.

create table private.idempotency_keys (
  created_by uuid not null,
  key text not null,
  -- A key of a run and the same key of a pipeline are two keys.
  kind text not null check (kind in ('run', 'pipeline')),
  tenant_id uuid not null,
  workspace_id uuid not null,
  -- A fingerprint of the request: another request under the same key is refused.
  request_hash text not null,
  -- No reference: keys expire by themselves, and a partition of runs may be dropped before.
  target_id uuid not null,
  expires_at timestamptz not null,
  primary key (created_by, key, kind, tenant_id)
);
create index idempotency_keys_expiry_idx on private.idempotency_keys (expires_at);
alter table private.idempotency_keys enable row level security;

create function private.check_idempotency_key(p_key text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- In any collation but C, a range of characters would include letters of other alphabets.
  if p_key collate "C" !~ '^[ -~]{1,255}$' then
    raise exception using errcode = 'PT400', message = 'invalid_idempotency_key';
  end if;
end $$;

-- A repeated request means the workspace that it meant the first time, even if its caller has become
-- a member of more since then.
create function private.workspace_of_key(p_kind text, p_key text) returns uuid
language sql stable security definer set search_path = ''
as $$
  select k.workspace_id from private.idempotency_keys k
  where k.created_by = (select auth.uid()) and k.kind = p_kind and k.key = p_key
    and k.expires_at > now()
    and k.workspace_id in (select private.my_workspace_ids())
  order by k.expires_at desc
  limit 1
$$;

-- The run or pipeline that the caller's key stands for; null when the key is unknown or expired.
create function private.target_of_key(p_kind text, p_key text, p_hash text, p_workspace_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_key private.idempotency_keys;
begin
  select k.* into v_key from private.idempotency_keys k
  where k.created_by = auth.uid()
    and k.tenant_id = private.tenant_of(p_workspace_id, null)
    -- guards G16, G17: look up
    and k.kind = p_kind
    and k.key = p_key
    and k.expires_at > now();
  -- guards G16, G17: same request
  if found and v_key.request_hash <> p_hash then
    raise exception using errcode = 'PT422', message = 'idempotency_mismatch';
  end if;
  return v_key.target_id;
end $$;

-- Takes a key for a new run or pipeline; false when it is already taken. Of concurrent requests, the
-- later ones wait here until the first has committed. Null is no key and always free.
create function private.take_key(
  p_kind text, p_key text, p_hash text, p_workspace_id uuid, p_target_id uuid
) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if p_key is null then
    return true;
  end if;
  insert into private.idempotency_keys as k
    (created_by, key, kind, tenant_id, workspace_id, request_hash, target_id, expires_at)
  select auth.uid(), p_key, p_kind, private.tenant_of(p_workspace_id, null), p_workspace_id, p_hash,
    p_target_id, now() + p.idempotency_keys_expire_after
  from private.run_policy p
  on conflict (created_by, key, kind, tenant_id) do update set
    workspace_id = excluded.workspace_id,
    request_hash = excluded.request_hash,
    target_id = excluded.target_id,
    expires_at = excluded.expires_at
  -- An expired key that the sweep has not removed yet is free.
  -- guards G16, G17: unique
  where k.expires_at <= now();
  return found;
end $$;

-- Removes expired keys, one batch at a time.
create function private.forget_expired_keys() returns void
language sql set search_path = ''
as $$
  delete from private.idempotency_keys k
  where (k.created_by, k.key, k.kind, k.tenant_id) in (
    select e.created_by, e.key, e.kind, e.tenant_id
    from private.idempotency_keys e
    where e.expires_at <= now()
    order by e.expires_at
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked
  )
$$;
