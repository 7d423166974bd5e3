# What the other policies read: all documents of one build, as `conftest test --combine` gives them.
package documents

import rego.v1

all := [document | some file in input; document := file.contents; is_object(document)]

of_kind(kind) := [document | some document in all; document.kind == kind]

name(document) := sprintf("%s/%s", [document.kind, document.metadata.name])

# Everything that has a pod template of ours, with the template.
workloads contains {"document": document, "template": document.spec.template} if {
	some document in all
	document.kind in {"Deployment", "StatefulSet", "DaemonSet", "Job"}
}

workloads contains {"document": document, "template": document.spec.jobTemplate.spec.template} if {
	some document in all
	document.kind == "CronJob"
}

containers(template) := array.concat(
	object.get(template.spec, "containers", []),
	object.get(template.spec, "initContainers", []),
)

# Those that go on until somebody ends them.
lasting contains workload if {
	some workload in workloads
	workload.document.kind in {"Deployment", "StatefulSet", "DaemonSet"}
}

labels_match(selector, labels) if {
	every key, value in object.get(selector, "matchLabels", {}) { labels[key] == value }
	every expression in object.get(selector, "matchExpressions", []) { expression_matches(expression, labels) }
}

expression_matches(expression, labels) if {
	expression.operator == "In"
	labels[expression.key] in expression.values
}

expression_matches(expression, labels) if {
	expression.operator == "NotIn"
	not labels[expression.key] in expression.values
}

expression_matches(expression, labels) if {
	expression.operator == "Exists"
	_ = labels[expression.key]
}

expression_matches(expression, labels) if {
	expression.operator == "DoesNotExist"
	not labels[expression.key]
}
