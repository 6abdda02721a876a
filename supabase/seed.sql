-- A tenant to try things with: a coffee roaster that delivers to offices, with two workspaces.
-- Everything in it is invented. It bears being applied again, locally and on a hosted project.
--
-- Sign in as demo@cmo-kernel.test with the password demo-password; or as newcomer@cmo-kernel.test with
-- the same one, who has just signed up and has no workspace.

create extension if not exists pgcrypto with schema extensions;

insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at,
  raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
select u.id::uuid, 'authenticated', 'authenticated', u.email,
  extensions.crypt('demo-password', extensions.gen_salt('bf', 10)), now(),
  '{"provider": "email", "providers": ["email"]}', jsonb_build_object('name', u.name), now(), now()
from (values
  ('d0000000-0000-4000-8000-000000000001', 'demo@cmo-kernel.test', 'Demo Marketer'),
  ('d0000000-0000-4000-8000-000000000002', 'newcomer@cmo-kernel.test', 'New Marketer')
) u (id, email, name)
on conflict do nothing;

-- A hosted project signs in only users of its one instance whose tokens are empty, not null.
do $$
begin
  if exists (
    select from information_schema.columns c
    where c.table_schema = 'auth' and c.table_name = 'users' and c.column_name = 'instance_id'
  ) then
    execute $update$
      update auth.users set instance_id = '00000000-0000-0000-0000-000000000000',
        confirmation_token = '', recovery_token = '', email_change = '', email_change_token_new = ''
      where instance_id is null and id in
        ('d0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002')
    $update$;
  end if;
end $$;

insert into public.tenants (id, name, slug) values
  ('a0000000-0000-4000-8000-000000000001', 'Kade Coffee Group', 'kade-coffee-group')
on conflict do nothing;

insert into public.workspaces
  (id, tenant_id, name, slug, owner_id, is_default, demo_mode, time_zone, currency, language)
values
  ('b0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'Kade Coffee Roasters',
   'kade-coffee-roasters', 'd0000000-0000-4000-8000-000000000001', true, true, 'Europe/Amsterdam', 'EUR', 'en'),
  -- Without a brand: what a new customer sees.
  ('b0000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000001', 'Kade Barista School',
   'kade-barista-school', 'd0000000-0000-4000-8000-000000000001', false, true, 'Europe/Amsterdam', 'EUR', 'en')
on conflict do nothing;

insert into public.workspace_members (workspace_id, user_id, role)
select w.id, 'd0000000-0000-4000-8000-000000000001', 'owner' from public.workspaces w
where w.tenant_id = 'a0000000-0000-4000-8000-000000000001'
on conflict do nothing;

insert into public.cmo_brand_profiles (id, workspace_id, created_by, brand_name, tagline, mission_statement,
  brand_voice, brand_tone, brand_personality, core_values, brand_colors, brand_fonts, website_url, industry,
  competitors, unique_value_proposition, key_differentiators, messaging_pillars, content_themes)
values ('c1000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001',
  'd0000000-0000-4000-8000-000000000001', 'Kade Coffee Roasters', 'Good mornings, delivered on Monday.',
  'Every office within reach of a canal deserves coffee that somebody chose with care.',
  'Warm, plain, specific', 'Confident without shouting', '["warm", "plain-spoken", "curious", "dependable"]',
  '["Pay growers fairly", "Roast to order", "Leave no waste at the client"]',
  '{"primary": "#1F3A34", "secondary": "#F3E9DC", "accent": "#D9822B"}', '{"heading": "Fraunces", "body": "Inter"}',
  'https://kade-coffee.test', 'Speciality coffee for offices',
  '[{"name": "Large vending suppliers", "notes": "Cheap and everywhere; long contracts, stale beans"},
    {"name": "Supermarket subscriptions", "notes": "Convenient; nobody maintains the machine"}]',
  'Beans roasted on Thursday, brewed in your office on Monday, with the machine looked after by the people who roast.',
  '["Roasted to order every week", "Machine care included", "Monthly contract, no minimum term"]',
  '["Freshness you can date", "One supplier from bean to machine", "Coffee as a reason to come in"]',
  '["Origin stories", "Office culture", "Brewing basics", "Sustainability in numbers"]')
on conflict do nothing;

insert into public.cmo_icp_segments (id, workspace_id, created_by, segment_name, segment_code, segment_description,
  company_size, demographics, psychographics, pain_points, goals, buying_triggers, objections, preferred_channels,
  content_preferences, budget_range, decision_criteria, industry_verticals, job_titles, is_primary, priority_score)
values
  ('c2000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'Office managers at scale-ups', 'SCALEUP', 'They run the office of a growing company and answer for how it feels to be there.',
   '50-250', '{"location": "Amsterdam, Utrecht, Rotterdam", "age_range": "28-42"}',
   '{"values": ["hospitality", "no surprises"], "interests": ["workplace design", "events"]}',
   '["Complaints about bad coffee land on their desk", "Three suppliers for beans, machine and milk", "Invoices that nobody can explain"]',
   '["An office that people like to come to", "One contact for everything in the kitchen", "A cost per head that finance accepts"]',
   '["Moving to a new office", "Return-to-office policy"]', '["We have a contract until next year", "Speciality coffee is too expensive"]',
   '["email", "linkedin", "referral"]', '{"format": "short guides", "tone": "practical", "topics": ["office life", "cost"]}',
   '{"min": 350, "max": 1200, "currency": "EUR"}', '["Price per cup", "Response time when the machine fails"]',
   '["Software", "Agencies"]', '["Office Manager", "Workplace Lead"]', true, 90),
  ('c2000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'People teams at hybrid companies', 'HYBRID', 'They look for small reasons that bring colleagues in on the same days.',
   '100-500', '{"location": "Randstad", "age_range": "30-50"}', '{"values": ["belonging"], "interests": ["culture", "retention"]}',
   '["Empty office on Fridays", "Perks that nobody uses", "No budget line for small things"]',
   '["Fuller office days", "Perks with visible use", "Better onboarding weeks"]',
   '["Engagement survey results", "A new office policy"]', '["Hard to prove that coffee matters", "It is facilities'' budget"]',
   '["linkedin", "events", "email"]', '{"format": "case studies", "tone": "warm", "topics": ["culture"]}',
   '{"min": 500, "max": 2500, "currency": "EUR"}', '["Proof from similar companies", "Easy to start small"]',
   '["Technology", "Finance"]', '["Head of People", "Employee Experience Manager"]', false, 70),
  ('c2000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'Studios and small agencies', 'STUDIO', 'Teams under thirty who care about taste and want no contract.',
   '5-30', '{"location": "Amsterdam", "age_range": "25-45"}', '{"values": ["craft", "independence"], "interests": ["design", "food"]}',
   '["Running out of beans", "A machine too large for the room", "Minimum orders"]',
   '["Coffee worth serving to clients", "Never thinking about restocking", "A fair price for few people"]',
   '["A client visit that went badly", "Hiring the tenth person"]', '["We buy from the corner shop", "Too small for you"]',
   '["instagram", "referral"]', '{"format": "photo stories", "tone": "playful", "topics": ["brewing"]}',
   '{"min": 80, "max": 300, "currency": "EUR"}', '["Taste", "No minimum term"]',
   '["Design", "Architecture"]', '["Founder", "Studio Manager"]', false, 45)
on conflict do nothing;

insert into public.cmo_offers (id, workspace_id, created_by, offer_name, offer_type, description, key_benefits, features,
  pricing_model, price_range, target_segments, use_cases, success_metrics, competitive_positioning, is_flagship, landing_page_url)
values
  ('c3000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'Monday Box', 'subscription', 'Beans, machine and care for an office, delivered every Monday for a price per head.',
   '["Fresh beans every week", "Machine care included", "One invoice"]', '["Weekly delivery", "Bean-to-cup machine", "Next-day repair"]',
   'Per head per month', '{"min": 9, "max": 14, "currency": "EUR"}', '["Office managers at scale-ups", "People teams at hybrid companies"]',
   '["Replacing a vending contract", "Fitting out a new floor"]', '["Cups per head per week", "Repair within a day"]',
   'The only weekly roast that comes with the machine and its care.', true, 'https://kade-coffee.test/monday-box'),
  ('c3000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'Tasting Hour', 'service', 'A barista, four coffees and an hour at the client''s office.',
   '["People meet over something good", "A trial without commitment"]', '["Barista on site", "Up to forty people"]',
   'Fixed price', '{"min": 290, "max": 450, "currency": "EUR"}', '["People teams at hybrid companies", "Office managers at scale-ups"]',
   '["Office day", "Onboarding week"]', '["Trials booked within two weeks"]', 'A tasting that ends in a quote for the same office.', false, 'https://kade-coffee.test/tasting'),
  ('c3000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'Studio Bag', 'product', 'A kilo of the week''s roast by bicycle, from one bag up.',
   '["No minimum", "Delivered by bicycle"]', '["Whole bean or ground", "Pause any week"]',
   'Per kilo', '{"min": 24, "max": 32, "currency": "EUR"}', '["Studios and small agencies"]',
   '["A team of ten", "A shop''s staff room"]', '["Reorders within a month"]', 'Office freshness for a team without an office manager.', false, 'https://kade-coffee.test/studio')
on conflict do nothing;

insert into public.cmo_marketing_plans (id, workspace_id, created_by, plan_name, status, start_date, end_date, executive_summary,
  primary_objectives, key_metrics, budget_allocation, channel_mix, target_icp_segments, target_offers, risks_mitigations)
values ('c4000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
  'Autumn: more Mondays', 'active', current_date - 56, current_date + 34,
  'Win office managers at the moment they move or renegotiate, and let the Tasting Hour do the convincing.',
  '[{"objective": "New Monday Box offices", "target_metric": "customers", "baseline": "18", "goal": "30", "priority": "high"},
    {"objective": "Tastings that become trials", "target_metric": "conversions", "baseline": "22%", "goal": "35%", "priority": "medium"}]',
  '[{"metric_name": "Qualified leads", "current_value": "24 a month", "target_value": "45 a month", "measurement_frequency": "weekly"},
    {"metric_name": "Cost per lead", "current_value": "EUR 78", "target_value": "EUR 55", "measurement_frequency": "weekly"}]',
  '{"total_budget": 18000, "currency": "EUR", "breakdown": [{"category": "LinkedIn", "amount": 8100, "percentage": 45},
    {"category": "Email", "amount": 2700, "percentage": 15}, {"category": "Events", "amount": 7200, "percentage": 40}]}',
  '[{"channel": "linkedin", "role": "Reach office managers", "budget_percentage": 45, "target_icps": ["Office managers at scale-ups"], "kpis": ["leads"]},
    {"channel": "email", "role": "Nurture", "budget_percentage": 15, "target_icps": ["Office managers at scale-ups"], "kpis": ["replies"]},
    {"channel": "events", "role": "Convince", "budget_percentage": 40, "target_icps": ["People teams at hybrid companies"], "kpis": ["trials"]}]',
  '["Office managers at scale-ups", "People teams at hybrid companies"]', '["Monday Box", "Tasting Hour"]',
  '[{"risk": "Running contracts delay the start", "likelihood": "high", "impact": "medium", "mitigation": "Offer a start date after the contract ends"}]')
on conflict do nothing;

insert into public.cmo_funnels (id, workspace_id, created_by, plan_id, funnel_name, funnel_type, description, target_icp_segments,
  target_offers, total_budget, expected_conversion_rate, expected_revenue, status)
values ('c5000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
  'c4000000-0000-4000-8000-000000000001', 'From bad coffee to Monday Box', 'marketing',
  'Find offices at a moment of change, invite them to taste, start with a month.',
  '["Office managers at scale-ups", "People teams at hybrid companies"]', '["Tasting Hour", "Monday Box"]', 18000, 0.012, 86000, 'active')
on conflict do nothing;

insert into public.cmo_funnel_stages (id, funnel_id, stage_name, stage_type, stage_order, description, objective, kpis, channels,
  target_icps, linked_offers, entry_criteria, exit_criteria, expected_volume, conversion_rate_target, budget_allocation)
values
  ('c5100000-0000-4000-8000-000000000001', 'c5000000-0000-4000-8000-000000000001', 'Notice', 'awareness', 1,
   'Office managers see that fresh coffee with care exists.', 'Be remembered at the next contract date',
   '[{"metric": "impressions", "target": 240000, "measurement": "weekly"}, {"metric": "visits", "target": 4800, "measurement": "weekly"}]',
   '["linkedin", "instagram"]', '["Office managers at scale-ups", "Studios and small agencies"]', '["Monday Box", "Studio Bag"]',
   'Works in an office in the Randstad', 'Visits the site', 4800, 0.1, 6500),
  ('c5100000-0000-4000-8000-000000000002', 'c5000000-0000-4000-8000-000000000001', 'Compare', 'consideration', 2,
   'They work out what coffee costs them today.', 'Leave an address for the cost guide',
   '[{"metric": "leads", "target": 480, "measurement": "weekly"}, {"metric": "cost per lead", "target": 55, "measurement": "weekly"}]',
   '["email", "linkedin"]', '["Office managers at scale-ups"]', '["Tasting Hour"]', 'Visited the site', 'Downloads the guide', 480, 0.25, 4500),
  ('c5100000-0000-4000-8000-000000000003', 'c5000000-0000-4000-8000-000000000001', 'Taste', 'conversion', 3,
   'A tasting at their office, a quote the same week.', 'Start the first month',
   '[{"metric": "tastings", "target": 120, "measurement": "monthly"}, {"metric": "new offices", "target": 58, "measurement": "monthly"}]',
   '["events", "email"]', '["People teams at hybrid companies", "Office managers at scale-ups"]', '["Tasting Hour", "Monday Box"]',
   'Asked for a date', 'Signs for a month', 120, 0.48, 6000),
  ('c5100000-0000-4000-8000-000000000004', 'c5000000-0000-4000-8000-000000000001', 'Stay', 'retention', 4,
   'The first quarter decides: visit, adjust, thank.', 'Keep the office after three months',
   '[{"metric": "offices kept", "target": 52, "measurement": "monthly"}, {"metric": "referrals", "target": 12, "measurement": "monthly"}]',
   '["email", "referral"]', '["Office managers at scale-ups"]', '["Monday Box"]', 'First invoice paid', 'Renews after three months', 58, 0.9, 1000)
on conflict do nothing;

insert into public.cmo_campaigns (id, workspace_id, created_by, funnel_id, plan_id, campaign_name, campaign_type, objective, description,
  target_icp, target_offer, funnel_stage, start_date, end_date, budget_allocation, primary_kpi, secondary_kpis, success_criteria, status, goal, target_segment_codes)
values
  ('c6000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c5000000-0000-4000-8000-000000000001', 'c4000000-0000-4000-8000-000000000001', 'New office, new coffee', 'lead_gen',
   'Reach offices that are about to move', 'Adverts to office managers in the month around a move.', 'Office managers at scale-ups', 'Monday Box',
   'awareness', current_date - 56, current_date + 34, 8100, '{"metric": "leads", "target": 220}', '[{"metric": "cost per lead", "target": 55}]',
   'A cost per lead under EUR 55', 'active', 'leads', '{SCALEUP}'),
  ('c6000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c5000000-0000-4000-8000-000000000001', 'c4000000-0000-4000-8000-000000000001', 'What does a cup cost you?', 'nurture',
   'Turn guides into tastings', 'Five mails after the cost guide, the last one with two dates.', 'Office managers at scale-ups', 'Tasting Hour',
   'consideration', current_date - 56, current_date + 34, 2700, '{"metric": "tastings", "target": 90}', '[{"metric": "reply rate", "target": 0.06}]',
   'Every third reply becomes a tasting', 'active', 'meetings', '{SCALEUP,HYBRID}'),
  ('c6000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c5000000-0000-4000-8000-000000000001', 'c4000000-0000-4000-8000-000000000001', 'Tasting Thursdays', 'conversion',
   'Sign offices at the tasting', 'A barista on site every Thursday, the quote before the weekend.', 'People teams at hybrid companies', 'Monday Box',
   'conversion', current_date - 56, current_date + 34, 7200, '{"metric": "new offices", "target": 30}', '[{"metric": "revenue", "target": 60000}]',
   'Four in ten tastings sign', 'active', 'revenue', '{HYBRID}')
on conflict do nothing;

insert into public.cmo_campaign_channels (id, campaign_id, channel_name, channel_type, priority, budget_percentage, content_types,
  posting_frequency, targeting_notes, expected_metrics, is_paid, utm_source, utm_medium, utm_campaign)
values
  ('c6100000-0000-4000-8000-000000000001', 'c6000000-0000-4000-8000-000000000001', 'LinkedIn', 'social', 'primary', 80, '["single image", "carousel"]',
   'Always on, new images every two weeks', 'Office and workplace titles, 50-250 people, Randstad', '{"ctr": 0.021}', true, 'linkedin', 'paid', 'new-office'),
  ('c6100000-0000-4000-8000-000000000002', 'c6000000-0000-4000-8000-000000000001', 'Instagram', 'social', 'secondary', 20, '["reel"]',
   'Twice a week', 'Studios near the roastery', '{"ctr": 0.012}', true, 'instagram', 'paid', 'new-office'),
  ('c6100000-0000-4000-8000-000000000003', 'c6000000-0000-4000-8000-000000000002', 'Email', 'email', 'primary', 100, '["plain mail"]',
   'Five mails in three weeks', 'Everybody who took the cost guide', '{"open_rate": 0.34}', false, 'newsletter', 'email', 'cup-cost'),
  ('c6100000-0000-4000-8000-000000000004', 'c6000000-0000-4000-8000-000000000003', 'Tastings', 'events', 'primary', 85, '["event"]',
   'Every Thursday', 'Offices with a date in the calendar', '{"attendance": 0.8}', true, 'event', 'offline', 'tasting-thursday'),
  ('c6100000-0000-4000-8000-000000000005', 'c6000000-0000-4000-8000-000000000003', 'Email', 'email', 'secondary', 15, '["plain mail"]',
   'Before and after each tasting', 'Participants', '{"open_rate": 0.52}', false, 'newsletter', 'email', 'tasting-thursday')
on conflict do nothing;

-- Eight whole weeks up to last Sunday. The LinkedIn campaign tires, the mails improve, the
-- tastings stay level: something for an analyst to find.
insert into public.cmo_metrics_snapshots (workspace_id, campaign_id, snapshot_date, metric_type, impressions, clicks, conversions,
  engagement_rate, conversion_rate, cost, revenue, roi, data_mode)
select
  'b0000000-0000-4000-8000-000000000001', n.campaign_id, n.snapshot_date, 'weekly', n.impressions, n.clicks, n.conversions,
  round(n.clicks::numeric / n.impressions, 4), round(n.conversions::numeric / n.clicks, 4), n.cost, n.revenue,
  round((n.revenue - n.cost) / n.cost, 2), 'demo'
from (
  select
    k.campaign_id,
    date_trunc('week', current_date)::date - 1 - 7 * (7 - week) as snapshot_date,
    round(k.impressions * (1 + k.reach_trend * week))::integer as impressions,
    round(k.clicks * (1 + k.click_trend * week))::integer as clicks,
    round(k.conversions * (1 + k.conversion_trend * week) + k.wobble[week % 4 + 1])::integer as conversions,
    round(k.cost * (1 + 0.02 * week), 2) as cost,
    round((k.conversions * (1 + k.conversion_trend * week) + k.wobble[week % 4 + 1]) * k.value, 2) as revenue
  from (values
    ('c6000000-0000-4000-8000-000000000001'::uuid, 28000, 620, 15, 0.01, -0.06, -0.07, 790.0, 60.0, '{0,1,-1,1}'::integer[]),
    ('c6000000-0000-4000-8000-000000000002'::uuid, 3400, 310, 9, 0.02, 0.05, 0.09, 240.0, 95.0, '{0,-1,1,0}'::integer[]),
    ('c6000000-0000-4000-8000-000000000003'::uuid, 420, 96, 6, 0.0, 0.01, 0.0, 700.0, 1480.0, '{1,0,-1,0}'::integer[])
  ) as k (campaign_id, impressions, clicks, conversions, reach_trend, click_trend, conversion_trend, cost, value, wobble),
  generate_series(0, 7) as week
) n
on conflict (campaign_id, snapshot_date, metric_type) do nothing;

insert into public.cmo_content_assets (id, workspace_id, created_by, campaign_id, content_id, title, content_type, channel, funnel_stage,
  target_icp, key_message, supporting_points, cta, tone, publish_date, status)
values
  ('c7000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c6000000-0000-4000-8000-000000000001', 'KADE-01', 'Moving day needs a first cup', 'social_post', 'linkedin', 'awareness',
   'Office managers at scale-ups', 'Choose the coffee when you choose the desks.', '["A machine that fits the new pantry", "Start on the day you move"]',
   'Plan your first Monday', 'practical', current_date - 42, 'published'),
  ('c7000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c6000000-0000-4000-8000-000000000002', 'KADE-02', 'The cost of a cup, worked out', 'email', 'email', 'consideration',
   'Office managers at scale-ups', 'A vending cup is dearer than it looks.', '["Count the repairs", "Count the milk"]',
   'Send me the sheet', 'plain', current_date - 28, 'published'),
  ('c7000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
   'c6000000-0000-4000-8000-000000000003', 'KADE-03', 'How a Thursday filled the fourth floor', 'case_study', 'linkedin', 'conversion',
   'People teams at hybrid companies', 'An hour of coffee can be the reason to come in.', '["Forty people, one barista", "A quote by Friday"]',
   'Book a Thursday', 'warm', current_date + 7, 'draft')
on conflict do nothing;

insert into public.cmo_content_variants (id, asset_id, variant_name, variant_type, subject_line, headline, body_content, cta_text)
values
  ('c7100000-0000-4000-8000-000000000001', 'c7000000-0000-4000-8000-000000000002', 'Question', 'A', 'What does a cup cost you?', null,
   'Most offices know what the machine costs. Few know what a cup costs once repairs and milk are in. We made a sheet that works it out in two minutes.', 'Send me the sheet'),
  ('c7100000-0000-4000-8000-000000000002', 'c7000000-0000-4000-8000-000000000002', 'Number', 'B', 'EUR 0.61 a cup, all in', null,
   'That is what the Monday Box costs an office of sixty, beans, machine and care included. Put your own numbers beside it.', 'Compare with mine')
on conflict do nothing;
