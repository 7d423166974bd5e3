# Who may call whom: network policies and mesh say what docs/calls.md says, no more and no less. The checker hands the pairs of the document over
# as data.calls; data.ports are those of docs/architecture.md.
package main

import data.documents
import data.reachability
import rego.v1

mesh_port := reachability.mesh_port

has_mesh if count(documents.of_kind("PeerAuthentication")) > 0

pairs contains [pair.from, pair.to] if some pair in data.calls

pairs contains ["migration", "postgres"]

# PostgreSQL has TLS of its own and is no part of the mesh, and neither is a migration, which calls nobody else.
port_of_pair contains [from, to, data.ports[to]] if some [from, to] in pairs

port_of_pair contains [from, to, mesh_port] if {
	has_mesh
	some [from, to] in pairs
	to != "postgres"
}

deny contains message if {
	not has_default_deny
	message := "NetworkPolicy: nothing refuses what no other policy allows"
}

has_default_deny if {
	some policy in reachability.policies
	policy.spec.podSelector == {}
	{type | some type in policy.spec.policyTypes} == {"Ingress", "Egress"}
	count(object.get(policy.spec, "ingress", [])) == 0
	count(object.get(policy.spec, "egress", [])) == 0
}

deny contains message if {
	some [from, to, port] in port_of_pair
	not [from, to, port] in reachability.open
	message := sprintf("NetworkPolicy: %s cannot call %s on port %v, which docs/calls.md says it does", [from, to, port])
}

deny contains message if {
	some [from, to, port] in reachability.open
	not [from, to, port] in port_of_pair
	message := sprintf("NetworkPolicy: %s may call %s on port %v, of which docs/calls.md knows nothing", [from, to, port])
}

deny contains message if {
	has_mesh
	some peer in documents.of_kind("PeerAuthentication")
	peer.spec.mtls.mode != "STRICT"
	message := sprintf("%s: lets calls in without mutual TLS", [documents.name(peer)])
}

deny contains message if {
	has_mesh
	every policy in documents.of_kind("AuthorizationPolicy") { policy.spec != {} }
	message := "AuthorizationPolicy: nothing refuses what no other policy allows"
}

authorised contains [from, to, port] if {
	some policy in documents.of_kind("AuthorizationPolicy")
	policy.spec.action == "ALLOW"
	some to, labels in reachability.parties
	documents.labels_match(policy.spec.selector, labels)
	some rule in policy.spec.rules
	some source in rule.from
	some principal in source.source.principals
	from := regex.replace(principal, `^cluster\.local/ns/emporium/sa/`, "")
	some operation in rule.to
	some text in operation.operation.ports
	port := to_number(text)
}

deny contains message if {
	has_mesh
	some [from, to] in pairs
	to != "postgres"
	not [from, to, data.ports[to]] in authorised
	message := sprintf("AuthorizationPolicy: %s cannot call %s, which docs/calls.md says it does", [from, to])
}

deny contains message if {
	some [from, to, port] in authorised
	from != "shop-istio"
	not [from, to, port] in port_of_pair
	message := sprintf("AuthorizationPolicy: %s may call %s on port %d, of which docs/calls.md knows nothing", [from, to, port])
}

# A rule that names no caller lets everybody in.
deny contains message if {
	some policy in documents.of_kind("AuthorizationPolicy")
	some rule in policy.spec.rules
	count(object.get(rule, "from", [])) == 0
	message := sprintf("%s: has a rule that names no caller", [documents.name(policy)])
}
