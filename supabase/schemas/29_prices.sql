-- What tokens cost, and what an attempt has cost.
--
-- A call costs what its gateway says that it has charged, else its tokens at the price that was valid when
-- the attempt began. The amount is booked when the attempt ends, and no later price changes it. All
-- amounts are whole millionths of a US dollar.

-- An operator adds rows and never changes one: a new price has a new valid_from.
create table private.prices (
  -- As gateways report it, in lower case: `google/gemini-2.5-flash` holds for this provider's, and
  -- `gemini-2.5-flash` for anybody's. `*` is the price of every model that no other row names.
  model text not null check (model <> '' and model = lower(model)),
  valid_from timestamptz not null default '-infinity',
  input_micros bigint not null check (input_micros between 0 and 1000000000),
  cached_micros bigint check (cached_micros between 0 and 1000000000),
  output_micros bigint not null check (output_micros between 0 and 1000000000),
  source text not null check (source <> ''),
  checked_on date not null,
  primary key (model, valid_from)
);
alter table private.prices enable row level security;

comment on column private.prices.input_micros is 'For a million tokens, as the other two.';
comment on column private.prices.cached_micros is
  'For prompt tokens that the provider read from its cache. Null: as other prompt tokens.';
comment on column private.prices.output_micros is 'Thoughts are output.';
comment on column private.prices.source is 'Where the price was read.';
comment on column private.prices.checked_on is 'When it was read there.';

-- List prices without the surcharges for prompts of more than 200 000 tokens, which no agent sends.
insert into private.prices (model, valid_from, input_micros, cached_micros, output_micros, source, checked_on)
select p.model, p.valid_from, p.input, p.cached, p.output, s.source, s.checked_on
from (values
  ('gemini-2.5-flash', '-infinity'::timestamptz, 300000, 30000, 2500000, 'llm-prices'),
  ('gemini-2.5-flash-lite', '-infinity', 100000, 10000, 400000, 'llm-prices'),
  ('gemini-2.5-pro', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gemini-3-flash-preview', '-infinity', 500000, null, 3000000, 'llm-prices'),
  ('gemini-3.1-flash-lite-preview', '-infinity', 250000, 25000, 1500000, 'llm-prices'),
  ('gemini-3.1-pro-preview', '-infinity', 2000000, null, 12000000, 'google'),
  ('gemini-3.5-flash', '-infinity', 1500000, 150000, 9000000, 'llm-prices'),
  ('gemini-3.5-flash-lite', '-infinity', 300000, 30000, 2500000, 'llm-prices'),
  ('gemini-3.6-flash', '-infinity', 1500000, 150000, 7500000, 'llm-prices'),
  ('gemini-3.8-flash', '-infinity', 750000, null, 3750000, 'google'),
  ('gemini-3.8-flash', '2027-01-01 00:00:00+00', 1500000, null, 7500000, 'google'),
  ('gpt-4.1', '-infinity', 2000000, 500000, 8000000, 'llm-prices'),
  ('gpt-4.1-mini', '-infinity', 400000, 100000, 1600000, 'llm-prices'),
  ('gpt-4.1-nano', '-infinity', 100000, 25000, 400000, 'llm-prices'),
  ('gpt-4o', '-infinity', 2500000, 1250000, 10000000, 'llm-prices'),
  ('gpt-4o-mini', '-infinity', 150000, 75000, 600000, 'llm-prices'),
  ('gpt-5', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gpt-5-mini', '-infinity', 250000, 25000, 2000000, 'llm-prices'),
  ('gpt-5-nano', '-infinity', 50000, 5000, 400000, 'llm-prices'),
  ('gpt-5.1', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gpt-5.2', '-infinity', 1750000, 175000, 14000000, 'llm-prices'),
  ('gpt-5.4', '-infinity', 2500000, 250000, 15000000, 'llm-prices'),
  ('gpt-5.4-mini', '-infinity', 750000, 75000, 4500000, 'llm-prices'),
  ('gpt-5.4-nano', '-infinity', 200000, 20000, 1250000, 'llm-prices'),
  ('gpt-5.5', '-infinity', 5000000, 500000, 30000000, 'llm-prices')
) p (model, valid_from, input, cached, output, source)
join (values
  ('llm-prices', 'https://github.com/simonw/llm-prices, data/google.json and data/openai.json', date '2026-08-05'),
  ('google', 'https://ai.google.dev/gemini-api/docs/pricing, as transcribed in https://github.com/api-evangelist/deepmind, plans/deepmind-plans-pricing.yml', date '2026-10-07')
) s (name, source, checked_on) on s.name = p.source;

-- The names under which a price may stand, the most exact one first: as reported, without the provider,
-- without the date of a version.
create function private.names_of_model(p_model text) returns text[]
language plpgsql immutable set search_path = ''
as $$
declare
  v_name text := lower(coalesce(p_model, ''));
  v_short text := regexp_replace(v_name, '^.*/', '');
begin
  return array[v_name, v_short, regexp_replace(v_short, '[-@](\d{4}-\d{2}-\d{2}|\d{8})$', ''), '*'];
end $$;

-- The price of a model at a moment; an empty row if there is none.
create function private.price_of(p_model text, p_at timestamptz) returns private.prices
language plpgsql stable set search_path = ''
as $$
declare
  v_price private.prices;
begin
  select p.* into v_price
  from unnest(private.names_of_model(p_model)) with ordinality n (name, place)
  join private.prices p on p.model = n.name and p.valid_from <= p_at
  order by n.place, p.valid_from desc limit 1;
  return v_price;
end $$;

-- A whole number in a report; null if it is none, or more than any call can have. A report must never
-- keep a run from ending.
create function private.count_in(p_report jsonb, p_name text, p_most bigint) returns bigint
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_report -> p_name) = 'number' and (p_report -> p_name)::numeric between 0 and p_most then
    return round((p_report -> p_name)::numeric);
  end if;
  return null;
end $$;

-- What these tokens cost, rounded half up; null without a price. Where the total is more than prompt and
-- completion together, the rest are thoughts.
create function private.price_tokens(p_price private.prices, p_usage jsonb) returns bigint
language plpgsql immutable set search_path = ''
as $$
declare
  -- Ten times the longest context of a model.
  v_most constant bigint := 10000000;
  v_prompt bigint := coalesce(private.count_in(p_usage, 'prompt_tokens', v_most), 0);
  v_cached bigint := least(coalesce(private.count_in(p_usage, 'cached_tokens', v_most), 0), v_prompt);
  v_output bigint := greatest(
    coalesce(private.count_in(p_usage, 'completion_tokens', v_most), 0),
    coalesce(private.count_in(p_usage, 'total_tokens', v_most), 0) - v_prompt);
begin
  return round(((v_prompt - v_cached) * p_price.input_micros::numeric
    + v_cached * coalesce(p_price.cached_micros, p_price.input_micros)::numeric
    + v_output * p_price.output_micros::numeric) / 1000000);
end $$;

-- A call with what it costs: {…call, cost_micros, estimated, unpriced}. A call without usage costs nothing: the
-- gateway refused it, or was not reached.
create function private.price_call(p_call jsonb, p_at timestamptz) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_usage jsonb := p_call -> 'usage';
  -- A thousand dollars. What a gateway says beyond that is no price of a call.
  v_micros bigint := private.count_in(p_call, 'cost_micros', 1000000000);
  v_is_estimate boolean := coalesce(p_call -> 'estimated' = 'true', false);
begin
  -- guards G12: cost as charged
  if v_micros is null and jsonb_typeof(v_usage) = 'object' then
    v_micros := private.price_tokens(private.price_of(p_call ->> 'model', p_at), v_usage);
  elsif v_micros is null then
    v_micros := 0;
  end if;
  return p_call || jsonb_build_object('cost_micros', coalesce(v_micros, 0), 'unpriced', v_micros is null,
    -- guards G25: unknown price
    'estimated', v_is_estimate or v_micros is null);
end $$;

-- The calls of a report. A report without a list of them, of an older worker, has its usage.
create function private.calls_in(p_answer jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_answer -> 'calls') = 'array' then
    return (select coalesce(jsonb_agg(c order by n), '[]')
      from jsonb_array_elements(p_answer -> 'calls') with ordinality e (c, n)
      where jsonb_typeof(c) = 'object');
  end if;
  if jsonb_typeof(p_answer -> 'usage') = 'object' then
    return jsonb_build_array(jsonb_build_object('call', 1, 'purpose', 'answer',
      'model', p_answer -> 'model', 'usage', p_answer -> 'usage'));
  end if;
  return null;
end $$;

-- The cost of an attempt by the report of its worker, or else by what the worker had noted of its calls:
-- {micros, estimated, unpriced_calls, calls}.
create function private.cost_of(p_run public.agent_runs, p_answer jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_attempt public.agent_run_attempts;
  v_calls jsonb := private.calls_in(p_answer);
begin
  select a.* into v_attempt from public.agent_run_attempts a
  where a.run_id = p_run.id and a.attempt = p_run.attempt;
  return (
    -- Materialized: else each call is priced once for each column that is read below.
    with c as materialized (
      select private.price_call(e.call, v_attempt.started_at) as call, e.n
      -- guards G25: noted calls
      from jsonb_array_elements(coalesce(v_calls, v_attempt.calls, '[]')) with ordinality e (call, n)
    )
    select jsonb_build_object(
      'micros', coalesce(sum((c.call ->> 'cost_micros')::bigint), 0),
      -- Nobody knows what a lost worker asked for last.
      -- guards G25: lost worker
      'estimated', v_calls is null or coalesce(bool_or((c.call ->> 'estimated')::boolean), false),
      'unpriced_calls', count(*) filter (where (c.call ->> 'unpriced')::boolean),
      'calls', coalesce(jsonb_agg(c.call order by c.n), '[]'))
    from c
  );
end $$;
