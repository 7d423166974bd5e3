#!/bin/bash
# Run by the image at the first start: a database per service, with a role that owns it and one that only reads and writes rows
# (libs/postgres/src/grants.ts). Passwords come from the secret, a role and its password in each line.
set -eu
while read -r role password; do
  psql -v ON_ERROR_STOP=1 -v role="$role" -v password="$password" --no-psqlrc -d postgres \
    <<<"create role :\"role\" login password :'password';"
done </run/secrets/role-passwords
for name in user product order payment; do
  psql -v ON_ERROR_STOP=1 -v db="${name}_db" -v owner="${name}_owner" -v app="${name}_app" --no-psqlrc -d postgres <<<'
    create database :"db" owner :"owner";
    revoke all on database :"db" from public;
    grant connect on database :"db" to :"app";'
done
