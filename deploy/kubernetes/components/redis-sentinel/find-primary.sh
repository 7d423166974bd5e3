# Sets ME and PRIMARY, the names of this node and of the one that the other nodes' sentinels call the primary.
domain="redis-nodes.$NAMESPACE.svc.cluster.local"
ME="$HOSTNAME.$domain"
PRIMARY=
for node in redis-nodes-0 redis-nodes-1 redis-nodes-2; do
  [ "$node" != "$HOSTNAME" ] || continue
  PRIMARY=$(timeout 2 redis-cli -h "$node.$domain" -p 26379 sentinel get-master-addr-by-name emporium 2>/dev/null | head -1)
  case $PRIMARY in *."$domain") break ;; *) PRIMARY= ;; esac
done
# Nobody to ask: this is the first start of all, and the first node begins.
PRIMARY=${PRIMARY:-redis-nodes-0.$domain}
