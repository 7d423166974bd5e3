#!/bin/sh
# Run once, when the cluster is born: four databases, each with an owner and an application role that may define nothing. The limits are the
# roles' because a pooler does not hand on those that a client asks for.
set -eu
for name in user product order payment; do
  prefix=$(echo "$name" | tr '[:lower:]' '[:upper:]')
  owner=$(printenv "${prefix}_OWNER_PASSWORD") app=$(printenv "${prefix}_APP_PASSWORD")
  psql -v ON_ERROR_STOP=1 "$1" -v database="${name}_db" -v owner="${name}_owner" -v app="${name}_app" -v owner_password="$owner" -v app_password="$app" <<'SQL'
create role :"owner" login password :'owner_password';
create role :"app" login password :'app_password';
alter role :"app" set statement_timeout = '3s';
alter role :"app" set lock_timeout = '500ms';
alter role :"app" set idle_in_transaction_session_timeout = '5s';
create database :"database" owner :"owner";
revoke all on database :"database" from public;
grant connect on database :"database" to :"app";
SQL
done
