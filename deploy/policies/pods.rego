# How a pod of ours has to look.
package main

import data.documents
import rego.v1

deny contains message if {
	some workload in documents.lasting
	some container in workload.template.spec.containers
	some probe in ["startupProbe", "livenessProbe", "readinessProbe"]
	not container[probe]
	message := sprintf("%s: container %s has no %s", [documents.name(workload.document), container.name, probe])
}

# A liveness probe that asks what readiness asks kills pods because something else is away.
deny contains message if {
	some workload in documents.lasting
	some container in workload.template.spec.containers
	contains(container.livenessProbe.httpGet.path, "ready")
	message := sprintf("%s: container %s lives by %s", [documents.name(workload.document), container.name, container.livenessProbe.httpGet.path])
}

deny contains message if {
	some workload in documents.workloads
	some container in documents.containers(workload.template)
	some resource in ["cpu", "memory"]
	not container.resources.requests[resource]
	message := sprintf("%s: container %s requests no %s", [documents.name(workload.document), container.name, resource])
}

deny contains message if {
	some workload in documents.workloads
	some container in documents.containers(workload.template)
	not container.resources.limits.memory
	message := sprintf("%s: container %s has no limit of memory", [documents.name(workload.document), container.name])
}

deny contains message if {
	some workload in documents.workloads
	not workload.template.spec.securityContext.runAsNonRoot
	message := sprintf("%s: may run as root", [documents.name(workload.document)])
}

deny contains message if {
	some workload in documents.workloads
	workload.template.spec.securityContext.seccompProfile.type != "RuntimeDefault"
	message := sprintf("%s: has no seccomp profile", [documents.name(workload.document)])
}

deny contains message if {
	some workload in documents.workloads
	not workload.template.spec.securityContext.seccompProfile
	message := sprintf("%s: has no seccomp profile", [documents.name(workload.document)])
}

deny contains message if {
	some workload in documents.workloads
	some container in documents.containers(workload.template)
	some rule in confinement(container)
	message := sprintf("%s: container %s %s", [documents.name(workload.document), container.name, rule])
}

confinement(container) := {rule |
	some rule, holds in {
		"can write its root": object.get(container, ["securityContext", "readOnlyRootFilesystem"], false),
		"may gain privileges": object.get(container, ["securityContext", "allowPrivilegeEscalation"], true) == false,
		"keeps capabilities": "ALL" in object.get(container, ["securityContext", "capabilities", "drop"], []),
	}
	not holds
}

deny contains message if {
	some workload in documents.workloads
	some container in documents.containers(workload.template)
	container.securityContext.privileged
	message := sprintf("%s: container %s is privileged", [documents.name(workload.document), container.name])
}

# `latest`, or nothing at all, is another program tomorrow.
deny contains message if {
	some workload in documents.workloads
	some container in documents.containers(workload.template)
	not pinned(container.image)
	message := sprintf("%s: container %s runs %s, which names no version", [documents.name(workload.document), container.name, container.image])
}

pinned(image) if contains(image, "@sha256:")

pinned(image) if {
	parts := split(regex.replace(image, `^.*/`, ""), ":")
	count(parts) == 2
	not parts[1] in {"", "latest"}
}

# What asks the API server says so itself: nobody has a token by default, and nobody runs as the namespace's default account.
deny contains message if {
	some workload in documents.workloads
	object.get(workload.template.spec, "serviceAccountName", "default") == "default"
	message := sprintf("%s: runs as the default service account", [documents.name(workload.document)])
}

deny contains message if {
	some workload in documents.workloads
	object.get(workload.template.spec, "automountServiceAccountToken", true)
	not has_role(workload.template.spec.serviceAccountName)
	message := sprintf("%s: has a token of the API server, and no role that needs it", [documents.name(workload.document)])
}

deny contains message if {
	some account in documents.of_kind("ServiceAccount")
	account.automountServiceAccountToken != false
	message := sprintf("%s: gives its token to every pod", [documents.name(account)])
}

deny contains message if {
	some account in documents.of_kind("ServiceAccount")
	not "automountServiceAccountToken" in object.keys(account)
	message := sprintf("%s: gives its token to every pod", [documents.name(account)])
}

has_role(account) if {
	some binding in documents.of_kind("RoleBinding")
	some subject in binding.subjects
	subject.name == account
}

deny contains message if {
	some role in array.concat(documents.of_kind("Role"), documents.of_kind("ClusterRole"))
	some rule in role.rules
	some field in ["verbs", "resources", "apiGroups"]
	"*" in rule[field]
	message := sprintf("%s: allows every one of %s", [documents.name(role), field])
}
