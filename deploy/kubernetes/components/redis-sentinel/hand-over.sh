#!/bin/sh
# Before a node stops: if it is the primary, another one becomes it, and the proxies have a moment to notice.
redis-cli role | grep -q master || exit 0
redis-cli -p 26379 sentinel failover emporium || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.5
  if redis-cli role | grep -q slave; then
    sleep 2
    exit 0
  fi
done
