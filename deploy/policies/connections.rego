# The replicas an autoscaler may start must find connections: else the last ones of them are refused just when they are needed.
package main

import data.documents
import rego.v1

# One listens, one beats, four work (libs/jobs).
job_worker_connections := 6

# Of the superuser, the operator, the standbys.
reserved_connections := 20

databases := [cluster | some cluster in documents.of_kind("Cluster"); cluster.apiVersion == "postgresql.cnpg.io/v1"]

pool_size := to_number(size) if {
	some map in documents.of_kind("ConfigMap")
	startswith(map.metadata.name, "platform")
	size := map.data.DATABASE_POOL_MAX
} else := 20

needed[name] := amount if {
	some workload in documents.lasting
	workload.document.kind == "Deployment"
	workload.document.metadata.labels["emporium.example/database"] == "own"
	name := workload.document.metadata.name
	surge := object.get(workload.document.spec, ["strategy", "rollingUpdate", "maxSurge"], 1)
	amount := (most(workload.document) + surge) * (pool_size + job_worker_connections)
}

most(document) := autoscaler(document).spec.maxReplicas

most(document) := object.get(document.spec, "replicas", 1) if not autoscaler(document)

deny contains message if {
	some cluster in databases
	some name, amount in needed
	some role in cluster.spec.managed.roles
	role.name == sprintf("%s_app", [name])
	role.connectionLimit < amount
	message := sprintf("%s: %s may need %d connections and its role has %d", [documents.name(cluster), name, amount, role.connectionLimit])
}

deny contains message if {
	some cluster in databases
	total := sum([amount | some amount in needed])
	available := to_number(cluster.spec.postgresql.parameters.max_connections) - reserved_connections
	total > available
	message := sprintf("%s: the services may need %d connections and there are %d", [documents.name(cluster), total, available])
}

deny contains message if {
	some pooler in documents.of_kind("Pooler")
	some name, amount in needed
	size := to_number(pooler.spec.pgbouncer.parameters.default_pool_size)
	available := size * (pooler.spec.instances - 1)
	amount > available
	message := sprintf("%s: without one of its instances it has %d sessions for %s, which may need %d", [documents.name(pooler), available, name, amount])
}
