package main_test

import rego.v1

database(limit, most) := {
	"apiVersion": "postgresql.cnpg.io/v1",
	"kind": "Cluster",
	"metadata": {"name": "postgres"},
	"spec": {
		"managed": {"roles": [{"name": "order_app", "connectionLimit": limit}]},
		"postgresql": {"parameters": {"max_connections": sprintf("%d", [most])}},
	},
}

pool := {"kind": "ConfigMap", "metadata": {"name": "platform-abc"}, "data": {"DATABASE_POOL_MAX": "10"}}

pooler(size) := {
	"kind": "Pooler",
	"metadata": {"name": "pooler"},
	"spec": {"instances": 3, "pgbouncer": {"parameters": {"default_pool_size": sprintf("%d", [size])}}},
}

test_connections_of_all_replicas_and_one_more_fit if {
	of_pods([deployment, scaler(2, 9), pool, database(160, 200), pooler(80)]) == set()
}

test_a_role_with_too_few_connections_is_refused if {
	of_pods([deployment, scaler(2, 9), pool, database(159, 200)]) == {"Cluster/postgres: order may need 160 connections and its role has 159"}
}

test_a_server_with_too_few_connections_is_refused if {
	of_pods([deployment, scaler(2, 9), pool, database(160, 179)]) == {"Cluster/postgres: the services may need 160 connections and there are 159"}
}

test_a_pooler_with_too_few_sessions_is_refused if {
	of_pods([deployment, scaler(2, 9), pool, pooler(79)]) == {"Pooler/pooler: without one of its instances it has 158 sessions for order, which may need 160"}
}

test_the_pool_is_the_services_default_where_none_is_named if {
	of_pods([deployment, scaler(2, 9), database(259, 300)]) == {"Cluster/postgres: order may need 260 connections and its role has 259"}
}
