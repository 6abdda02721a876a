#!/bin/bash
# Sets the passwords of the roles of Supabase's services, which the database image creates without
# any. Runs once, when the data folder is created.
set -euo pipefail
psql --username supabase_admin --dbname postgres --set ON_ERROR_STOP=1 \
  --set password="$POSTGRES_PASSWORD" <<'SQL'
alter role authenticator with password :'password';
alter role supabase_auth_admin with password :'password';
SQL
