# Which parties the network policies of a build let speak to which, and on which ports: both ends have to agree.
package reachability

import data.documents
import rego.v1

mesh_port := 15008

service_labels(name) := {
	"app.kubernetes.io/name": name,
	"app.kubernetes.io/component": "service",
	"app.kubernetes.io/part-of": "emporium",
}

store_labels(store) := object.union_n(array.concat(
	[{"emporium.example/store": store}],
	[workload.template.metadata.labels |
		some workload in documents.lasting
		workload.template.metadata.labels["emporium.example/store"] == store
	],
))

parties[name] := service_labels(name) if some name in ["gateway", "user", "product", "order", "payment"]

parties[name] := store_labels(name) if some name in ["postgres", "redis"]

parties["migration"] := {
	"app.kubernetes.io/name": "migrate-order",
	"app.kubernetes.io/component": "migration",
	"app.kubernetes.io/part-of": "emporium",
}

policies := documents.of_kind("NetworkPolicy")

ports := ({port | some port in data.ports} | {port | some port in data.managementPorts}) | {"management", mesh_port}

open := {edge | some edge in edges("Egress", "egress", "to")} & {[from, to, port] | some [to, from, port] in edges("Ingress", "ingress", "from")}

# Whom each party's own policies name, whatever the others think of it.
edges(type, direction, side) := {[party, other, port] |
	some policy in policies
	type in policy.spec.policyTypes
	some party, labels in parties
	documents.labels_match(policy.spec.podSelector, labels)
	some rule in object.get(policy.spec, direction, [])
	some port in allowed_ports(rule)
	some other in allowed_parties(rule, side)
	party != other
}

allowed_ports(rule) := ports if count(object.get(rule, "ports", [])) == 0

allowed_ports(rule) := {allowed.port | some allowed in rule.ports} & ports if count(object.get(rule, "ports", [])) > 0

allowed_parties(rule, side) := object.keys(parties) if count(object.get(rule, side, [])) == 0

allowed_parties(rule, side) := {name |
	some peer in rule[side]
	in_our_namespace(peer)
	some name, labels in parties
	documents.labels_match(object.get(peer, "podSelector", {}), labels)
} if {
	count(object.get(rule, side, [])) > 0
}

in_our_namespace(peer) if {
	not peer.namespaceSelector
	peer.podSelector
}

in_our_namespace(peer) if documents.labels_match(peer.namespaceSelector, {"kubernetes.io/metadata.name": "emporium"})
