package main_test

import rego.v1

budget(spec) := {
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "order"},
	"spec": object.union(spec, {"selector": {"matchLabels": {"app.kubernetes.io/name": "order"}}}),
}

scaler(least, most) := {
	"kind": "HorizontalPodAutoscaler",
	"metadata": {"name": "order"},
	"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "order"}, "minReplicas": least, "maxReplicas": most},
}

of_replicas(number) := json.patch(deployment, [{"op": "add", "path": "/spec/replicas", "value": number}])

test_a_sound_budget_passes if {
	of_pods([of_replicas(2), budget({"maxUnavailable": 1})]) == set()
	of_pods([of_replicas(2), budget({"minAvailable": 1})]) == set()
	of_pods([deployment, scaler(2, 4), budget({"minAvailable": 1})]) == set()
}

test_a_budget_that_forbids_every_drain_is_refused if {
	of_pods([of_replicas(2), budget({"minAvailable": 2})]) == {"PodDisruptionBudget/order: wants 2 available of the 2 that Deployment/order has at least: no node could be drained"}
	of_pods([of_replicas(2), budget({"maxUnavailable": 0})]) == {"PodDisruptionBudget/order: lets no pod go: no node could be drained"}
	of_pods([of_replicas(2), budget({"minAvailable": "100%"})]) == {"PodDisruptionBudget/order: lets no pod go: no node could be drained"}
}

# What the autoscaler may go down to counts, not what is there today.
test_a_budget_is_held_against_the_autoscalers_minimum if {
	of_pods([deployment, scaler(2, 9), budget({"minAvailable": 3})]) == {"PodDisruptionBudget/order: wants 3 available of the 2 that Deployment/order has at least: no node could be drained"}
}

test_a_budget_that_lets_all_go_is_refused if {
	of_pods([of_replicas(2), budget({"maxUnavailable": 2})]) == {"PodDisruptionBudget/order: lets all 2 pods of Deployment/order go at once"}
}

test_a_budget_of_nobody_is_refused if {
	of_pods([budget({"maxUnavailable": 1})]) == {"PodDisruptionBudget/order: guards nobody"}
}

test_more_than_one_pod_needs_a_budget if {
	other := json.patch(of_replicas(3), [
		{"op": "replace", "path": "/metadata/name", "value": "user"},
		{"op": "replace", "path": "/spec/template/metadata/labels", "value": {"app.kubernetes.io/name": "user"}},
	])
	of_pods([of_replicas(2), other, budget({"maxUnavailable": 1})]) == {"Deployment/user: has 3 pods and no budget"}
}

test_two_workloads_under_one_budget_are_refused if {
	other := json.patch(of_replicas(3), [{"op": "replace", "path": "/metadata/name", "value": "order-canary"}])
	of_pods([of_replicas(2), other, budget({"maxUnavailable": 1})]) == {"PodDisruptionBudget/order: counts the pods of 2 workloads together"}
}

test_the_number_of_pods_is_the_autoscalers if {
	of_pods([of_replicas(2), scaler(2, 4)]) == {"Deployment/order: names a number of pods, which is HorizontalPodAutoscaler/order's to say"}
}

test_an_autoscaler_has_somewhere_to_go if {
	of_pods([deployment, scaler(4, 4)]) == {"HorizontalPodAutoscaler/order: has nowhere to go between 4 and 4"}
}
