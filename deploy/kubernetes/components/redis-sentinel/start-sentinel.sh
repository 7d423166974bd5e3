#!/bin/sh
# The id is made from the name: a new one for every pod would leave the others counting the dead towards the majority.
set -eu
. /config/find-primary.sh
umask 077
id=$(printf %s "$ME" | sha1sum | cut -c1-40)
sed -e "s|{ME}|$ME|" -e "s|{ID}|$id|" -e "s|{PRIMARY}|$PRIMARY|" -e "s|{REDIS_PASSWORD}|$REDIS_PASSWORD|" /config/sentinel.conf >/data/sentinel.conf
exec redis-server /data/sentinel.conf --sentinel
