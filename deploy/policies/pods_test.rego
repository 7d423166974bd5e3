package main_test

import data.main
import rego.v1

container := {
	"name": "service",
	"image": "emporium/order:1.4.0",
	"startupProbe": {"httpGet": {"path": "/health", "port": 9004}},
	"livenessProbe": {"httpGet": {"path": "/health", "port": 9004}},
	"readinessProbe": {"httpGet": {"path": "/ready", "port": 3004}},
	"resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
	"securityContext": {"readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
}

deployment := {
	"kind": "Deployment",
	"metadata": {"name": "order", "labels": {"emporium.example/database": "own"}},
	"spec": {"template": {
		"metadata": {"labels": {"app.kubernetes.io/name": "order"}},
		"spec": {
			"serviceAccountName": "order",
			"automountServiceAccountToken": false,
			"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [container],
		},
	}},
}

default_deny := {
	"kind": "NetworkPolicy",
	"metadata": {"name": "default-deny"},
	"spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
}

# What the network policies have to allow is not the matter of these tests.
findings(documents) := found if {
	found := main.deny with input as [{"contents": document} | some document in array.concat(documents, [default_deny])]
		with data.calls as []
		with data.ports as {"order": 3004, "postgres": 5432}
		with data.managementPorts as {"order": 9004}
}

of_pods(documents) := {message | some message in findings(documents); not startswith(message, "NetworkPolicy: migration")}

changed(patches) := of_pods([json.patch(deployment, patches)])

in_container(path) := sprintf("/spec/template/spec/containers/0/%s", [path])

test_a_sound_deployment_passes if of_pods([deployment]) == set()

test_each_probe_is_needed if {
	every probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
		changed([{"op": "remove", "path": in_container(probe)}]) == {sprintf("Deployment/order: container service has no %s", [probe])}
	}
}

test_liveness_does_not_ask_for_readiness if {
	changed([{"op": "replace", "path": in_container("livenessProbe/httpGet/path"), "value": "/ready"}]) == {"Deployment/order: container service lives by /ready"}
}

test_requests_and_the_limit_of_memory_are_needed if {
	changed([{"op": "remove", "path": in_container("resources/requests/cpu")}]) == {"Deployment/order: container service requests no cpu"}
	changed([{"op": "remove", "path": in_container("resources/limits")}]) == {"Deployment/order: container service has no limit of memory"}
	count(changed([{"op": "remove", "path": in_container("resources")}])) == 3
}

test_root_is_refused if {
	expected := {"Deployment/order: may run as root"}
	changed([{"op": "remove", "path": "/spec/template/spec/securityContext/runAsNonRoot"}]) == expected
	changed([{"op": "replace", "path": "/spec/template/spec/securityContext/runAsNonRoot", "value": false}]) == expected
}

test_a_seccomp_profile_is_needed if {
	expected := {"Deployment/order: has no seccomp profile"}
	changed([{"op": "remove", "path": "/spec/template/spec/securityContext/seccompProfile"}]) == expected
	changed([{"op": "replace", "path": "/spec/template/spec/securityContext/seccompProfile/type", "value": "Unconfined"}]) == expected
}

test_confinement_is_needed if {
	changed([{"op": "remove", "path": in_container("securityContext/readOnlyRootFilesystem")}]) == {"Deployment/order: container service can write its root"}
	changed([{"op": "remove", "path": in_container("securityContext/allowPrivilegeEscalation")}]) == {"Deployment/order: container service may gain privileges"}
	changed([{"op": "replace", "path": in_container("securityContext/capabilities/drop"), "value": ["NET_RAW"]}]) == {"Deployment/order: container service keeps capabilities"}
	changed([{"op": "add", "path": in_container("securityContext/privileged"), "value": true}]) == {"Deployment/order: container service is privileged"}
	count(changed([{"op": "remove", "path": in_container("securityContext")}])) == 3
}

test_init_containers_count if {
	weak := json.patch(container, [{"op": "remove", "path": "/securityContext/readOnlyRootFilesystem"}, {"op": "replace", "path": "/name", "value": "schema"}])
	changed([{"op": "add", "path": "/spec/template/spec/initContainers", "value": [weak]}]) == {"Deployment/order: container schema can write its root"}
}

test_images_name_a_version if {
	every image in ["order", "order:latest", "registry.example:5000/order", "registry.example/order:latest"] {
		changed([{"op": "replace", "path": in_container("image"), "value": image}]) == {sprintf("Deployment/order: container service runs %s, which names no version", [image])}
	}
	every image in ["order:1", "registry.example:5000/order:1", "order@sha256:0a"] {
		changed([{"op": "replace", "path": in_container("image"), "value": image}]) == set()
	}
}

test_the_default_account_is_refused if {
	expected := {"Deployment/order: runs as the default service account"}
	changed([{"op": "remove", "path": "/spec/template/spec/serviceAccountName"}]) == expected
	changed([{"op": "replace", "path": "/spec/template/spec/serviceAccountName", "value": "default"}]) == expected
}

test_a_token_needs_a_role if {
	with_token := json.patch(deployment, [{"op": "remove", "path": "/spec/template/spec/automountServiceAccountToken"}])
	binding := {"kind": "RoleBinding", "metadata": {"name": "order"}, "subjects": [{"name": "order"}]}
	of_pods([with_token]) == {"Deployment/order: has a token of the API server, and no role that needs it"}
	of_pods([with_token, binding]) == set()
}

test_accounts_keep_their_tokens if {
	account := {"kind": "ServiceAccount", "metadata": {"name": "order"}}
	expected := {"ServiceAccount/order: gives its token to every pod"}
	of_pods([account]) == expected
	of_pods([object.union(account, {"automountServiceAccountToken": true})]) == expected
	of_pods([object.union(account, {"automountServiceAccountToken": false})]) == set()
}

test_roles_name_what_they_allow if {
	role := {"kind": "Role", "metadata": {"name": "order"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]}
	of_pods([role]) == {"Role/order: allows every one of verbs"}
}

test_jobs_need_no_probes_and_the_rest if {
	job := json.patch(deployment, [
		{"op": "replace", "path": "/kind", "value": "Job"},
		{"op": "remove", "path": in_container("livenessProbe")},
		{"op": "remove", "path": in_container("readinessProbe")},
		{"op": "remove", "path": in_container("startupProbe")},
	])
	of_pods([job]) == set()
	count(of_pods([json.patch(job, [{"op": "remove", "path": in_container("securityContext")}])])) == 3
}
