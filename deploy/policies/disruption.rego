# A budget that forbids every drain, or that watches over nobody, is worse than none.
package main

import data.documents
import rego.v1

budgets := documents.of_kind("PodDisruptionBudget")

guarded(budget) := [workload.document |
	some workload in documents.lasting
	documents.labels_match(budget.spec.selector, workload.template.metadata.labels)
]

autoscaler(document) := scaler if {
	some scaler in documents.of_kind("HorizontalPodAutoscaler")
	scaler.spec.scaleTargetRef.kind == document.kind
	scaler.spec.scaleTargetRef.name == document.metadata.name
}

least(document) := autoscaler(document).spec.minReplicas

least(document) := object.get(document.spec, "replicas", 1) if not autoscaler(document)

deny contains message if {
	some budget in budgets
	some document in guarded(budget)
	needed := budget.spec.minAvailable
	is_number(needed)
	needed >= least(document)
	message := sprintf("%s: wants %d available of the %d that %s has at least: no node could be drained", [documents.name(budget), needed, least(document), documents.name(document)])
}

deny contains message if {
	some budget in budgets
	allowed := budget.spec.maxUnavailable
	allowed in {0, "0%"}
	message := sprintf("%s: lets no pod go: no node could be drained", [documents.name(budget)])
}

deny contains message if {
	some budget in budgets
	budget.spec.minAvailable == "100%"
	message := sprintf("%s: lets no pod go: no node could be drained", [documents.name(budget)])
}

deny contains message if {
	some budget in budgets
	some document in guarded(budget)
	is_number(budget.spec.maxUnavailable)
	budget.spec.maxUnavailable >= least(document)
	message := sprintf("%s: lets all %d pods of %s go at once", [documents.name(budget), least(document), documents.name(document)])
}

deny contains message if {
	some budget in budgets
	count(guarded(budget)) > 1
	message := sprintf("%s: counts the pods of %d workloads together", [documents.name(budget), count(guarded(budget))])
}

deny contains message if {
	some budget in budgets
	count(guarded(budget)) == 0
	not of_an_operator(budget)
	message := sprintf("%s: guards nobody", [documents.name(budget)])
}

# Their pods are made by somebody else, from a Pooler and from a Gateway.
of_an_operator(budget) if budget.spec.selector.matchLabels["cnpg.io/poolerName"]

of_an_operator(budget) if budget.spec.selector.matchLabels["gateway.networking.k8s.io/gateway-name"]

# Where budgets are used at all, whoever has more than one pod has one.
deny contains message if {
	count(budgets) > 0
	some workload in documents.lasting
	least(workload.document) > 1
	every budget in budgets { not workload.document in guarded(budget) }
	message := sprintf("%s: has %d pods and no budget", [documents.name(workload.document), least(workload.document)])
}

deny contains message if {
	some workload in documents.lasting
	scaler := autoscaler(workload.document)
	workload.document.spec.replicas
	message := sprintf("%s: names a number of pods, which is %s's to say", [documents.name(workload.document), documents.name(scaler)])
}

deny contains message if {
	some scaler in documents.of_kind("HorizontalPodAutoscaler")
	scaler.spec.minReplicas >= scaler.spec.maxReplicas
	message := sprintf("%s: has nowhere to go between %d and %d", [documents.name(scaler), scaler.spec.minReplicas, scaler.spec.maxReplicas])
}
