#!/bin/bash
# Applies the pending migrations, each in one transaction, and records them where the Supabase CLI
# does. SEED=1 adds the demo data.
set -euo pipefail
sql() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"; }

sql --command "
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations
    (version text primary key, statements text[], name text);"

for file in /supabase/migrations/[0-9]*_*.sql; do
  name=$(basename "$file" .sql)
  version=${name%%_*}
  applied=$(sql --tuples-only --no-align --command \
    "select 1 from supabase_migrations.schema_migrations where version = '$version'")
  [ -n "$applied" ] && continue
  echo "Applying $name"
  sql --single-transaction --file "$file" --command \
    "insert into supabase_migrations.schema_migrations (version, name) values ('$version', '${name#*_}')"
done

if [ -n "${SEED:-}" ]; then
  echo "Adding the demo data"
  sql --single-transaction --file /supabase/seed.sql
fi
