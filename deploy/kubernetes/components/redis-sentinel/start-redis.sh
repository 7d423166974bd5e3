#!/bin/sh
# A node that was the primary before its restart must not think that it still is: the others are asked.
set -eu
. /config/find-primary.sh
umask 077
sed -e "s|{ME}|$ME|" -e "s|{REDIS_PASSWORD}|$REDIS_PASSWORD|" /config/redis.conf >/data/redis.conf
if [ "$PRIMARY" != "$ME" ]; then echo "replicaof $PRIMARY 6379" >>/data/redis.conf; fi
exec redis-server /data/redis.conf
