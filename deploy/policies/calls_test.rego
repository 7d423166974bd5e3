package main_test

import data.main
import rego.v1

of_service(name) := {"podSelector": {"matchLabels": {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "service"}}}

of_store(name) := {"podSelector": {"matchLabels": {"emporium.example/store": name}}}

rule(side, peers, port) := {side: peers, "ports": [{"protocol": "TCP", "port": port}]}

policy(name, selector, ingress, egress) := {
	"kind": "NetworkPolicy",
	"metadata": {"name": name},
	"spec": {"podSelector": selector.podSelector, "policyTypes": ["Ingress", "Egress"], "ingress": ingress, "egress": egress},
}

migrations := {"podSelector": {"matchLabels": {"app.kubernetes.io/component": "migration"}}}

# A shop of two: the gateway calls the order service, and that its database; so do migrations.
shop := [
	default_deny,
	policy("gateway", of_service("gateway"), [], [rule("to", [of_service("order")], 3004)]),
	policy("order", of_service("order"), [rule("from", [of_service("gateway")], 3004)], [rule("to", [of_store("postgres")], 5432)]),
	policy("postgres", of_store("postgres"), [rule("from", [of_service("order"), migrations], 5432)], []),
	policy("migration", migrations, [], [rule("to", [of_store("postgres")], 5432)]),
]

of_calls(documents) := found if {
	found := main.deny with input as [{"contents": document} | some document in documents]
		with data.calls as [{"from": "gateway", "to": "order"}, {"from": "order", "to": "postgres"}]
		with data.ports as {"gateway": 8080, "user": 3002, "order": 3004, "postgres": 5432}
		with data.managementPorts as {"order": 9004}
}

test_pairs_that_are_those_of_the_document_pass if of_calls(shop) == set()

test_default_deny_is_needed if {
	of_calls(array.slice(shop, 1, 5)) == {"NetworkPolicy: nothing refuses what no other policy allows"}
	half := json.patch(shop, [{"op": "replace", "path": "/0/spec/policyTypes", "value": ["Ingress"]}])
	"NetworkPolicy: nothing refuses what no other policy allows" in of_calls(half)
}

test_a_call_that_one_end_refuses_is_missed if {
	expected := {"NetworkPolicy: gateway cannot call order on port 3004, which docs/calls.md says it does"}
	of_calls(json.patch(shop, [{"op": "replace", "path": "/1/spec/egress", "value": []}])) == expected
	of_calls(json.patch(shop, [{"op": "replace", "path": "/2/spec/ingress", "value": []}])) == expected
	of_calls(json.patch(shop, [{"op": "replace", "path": "/2/spec/ingress/0/ports/0/port", "value": 3005}])) == expected
}

test_a_call_of_which_the_document_knows_nothing_is_found if {
	both := [
		policy("more", of_service("gateway"), [], [rule("to", [of_store("postgres")], 5432)]),
		policy("more-still", of_store("postgres"), [rule("from", [of_service("gateway")], 5432)], []),
	]
	of_calls(array.concat(shop, both)) == {"NetworkPolicy: gateway may call postgres on port 5432, of which docs/calls.md knows nothing"}
}

test_one_open_end_alone_is_no_call if {
	of_calls(array.concat(shop, [policy("more", of_service("gateway"), [], [rule("to", [of_store("postgres")], 5432)])])) == set()
}

test_everybody_is_somebody if {
	open := json.patch(shop, [
		{"op": "remove", "path": "/2/spec/ingress/0/from"},
		{"op": "add", "path": "/1/spec/egress/-", "value": {"ports": [{"port": 5432}]}},
		{"op": "add", "path": "/4/spec/egress/-", "value": {}},
	])
	of_calls(open) == {"NetworkPolicy: migration may call order on port 3004, of which docs/calls.md knows nothing"}
}

test_all_pods_of_all_namespaces_are_ours_too if {
	open := json.patch(shop, [{"op": "add", "path": "/2/spec/ingress/0/from/-", "value": {"namespaceSelector": {}}}])
	reaching := array.concat(open, [policy("more", of_service("user"), [], [rule("to", [of_service("order")], 3004)])])
	of_calls(reaching) == {"NetworkPolicy: user may call order on port 3004, of which docs/calls.md knows nothing"}
}

principal(name) := sprintf("cluster.local/ns/emporium/sa/%s", [name])

authorisation(to, from, port) := {
	"kind": "AuthorizationPolicy",
	"metadata": {"name": to},
	"spec": {
		"selector": of_service(to).podSelector,
		"action": "ALLOW",
		"rules": [{"from": [{"source": {"principals": [principal(from)]}}], "to": [{"operation": {"ports": [port]}}]}],
	},
}

mesh := [
	{"kind": "PeerAuthentication", "metadata": {"name": "default"}, "spec": {"mtls": {"mode": "STRICT"}}},
	{"kind": "AuthorizationPolicy", "metadata": {"name": "allow-nothing"}, "spec": {}},
	authorisation("order", "gateway", "3004"),
	policy("mesh-gateway", of_service("gateway"), [], [rule("to", [of_service("order")], 15008)]),
	policy("mesh-order", of_service("order"), [rule("from", [of_service("gateway")], 15008)], []),
]

meshed(patches) := of_calls(array.concat(shop, json.patch(mesh, patches)))

test_a_mesh_with_the_pairs_of_the_document_passes if meshed([]) == set()

test_plain_calls_are_refused if {
	meshed([{"op": "replace", "path": "/0/spec/mtls/mode", "value": "PERMISSIVE"}]) == {"PeerAuthentication/default: lets calls in without mutual TLS"}
}

test_a_mesh_refuses_by_default if {
	meshed([{"op": "remove", "path": "/1"}]) == {"AuthorizationPolicy: nothing refuses what no other policy allows"}
}

test_the_mesh_and_the_document_agree if {
	meshed([{"op": "replace", "path": "/2/spec/rules/0/from/0/source/principals/0", "value": principal("user")}]) == {
		"AuthorizationPolicy: gateway cannot call order, which docs/calls.md says it does",
		"AuthorizationPolicy: user may call order on port 3004, of which docs/calls.md knows nothing",
	}
	meshed([{"op": "replace", "path": "/2/spec/rules/0/to/0/operation/ports/0", "value": "9004"}]) == {
		"AuthorizationPolicy: gateway cannot call order, which docs/calls.md says it does",
		"AuthorizationPolicy: gateway may call order on port 9004, of which docs/calls.md knows nothing",
	}
}

test_a_rule_without_a_caller_is_refused if {
	"AuthorizationPolicy/order: has a rule that names no caller" in meshed([{"op": "remove", "path": "/2/spec/rules/0/from"}])
}

test_the_meshs_port_is_opened_for_the_same_pairs if {
	meshed([{"op": "remove", "path": "/4"}]) == {"NetworkPolicy: gateway cannot call order on port 15008, which docs/calls.md says it does"}
	meshed([{"op": "add", "path": "/-", "value": policy("more", of_store("postgres"), [rule("from", [of_service("order")], 15008)], [])}, {"op": "add", "path": "/4/spec/egress/-", "value": rule("to", [of_store("postgres")], 15008)}]) == {"NetworkPolicy: order may call postgres on port 15008, of which docs/calls.md knows nothing"}
}
