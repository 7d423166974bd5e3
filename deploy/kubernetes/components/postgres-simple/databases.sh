#!/bin/bash
# Run once, on an empty volume: four databases, each with an owner and an application role that may define nothing.
set -euo pipefail
for name in user product order payment; do
  owner="${name^^}_OWNER_PASSWORD" app="${name^^}_APP_PASSWORD"
  psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres \
    -v database="${name}_db" -v owner="${name}_owner" -v app="${name}_app" -v owner_password="${!owner}" -v app_password="${!app}" <<'SQL'
create role :"owner" login password :'owner_password';
create role :"app" login password :'app_password';
create database :"database" owner :"owner";
revoke all on database :"database" from public;
grant connect on database :"database" to :"app";
SQL
done
