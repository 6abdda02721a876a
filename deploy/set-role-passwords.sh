#!/bin/bash
# The database image makes the roles of Supabase's services without passwords; give them the one
# that the services are configured with. Runs once, when the data folder is made.
set -euo pipefail
psql --username supabase_admin --dbname postgres --set ON_ERROR_STOP=1 \
  --set password="$POSTGRES_PASSWORD" <<'SQL'
alter role authenticator with password :'password';
alter role supabase_auth_admin with password :'password';
SQL
