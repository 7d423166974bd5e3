package main

import rego.v1

# What cannot be tagged has no such attribute.
deny contains sprintf("%s has no Name", [resource.address]) if {
	some resource in managed
	"tags" in object.keys(resource.values)
	not resource.values.tags.Name
}

node_groups := of_type("aws_eks_node_group")

deny contains sprintf("%s: the databases' nodes are taken away with two minutes' notice", [resource.address]) if {
	some resource in node_groups
	some taint in resource.values.taint
	taint.value == "database"
	resource.values.capacity_type != "ON_DEMAND"
}

deny contains sprintf("%s has no on-demand nodes for payments", [cluster.address]) if {
	some cluster in of_type("aws_eks_cluster")
	count({group |
		some group in node_groups
		group.values.cluster_name == cluster.values.name
		group.values.capacity_type == "ON_DEMAND"
		count(object.get(group.values, "taint", [])) == 0
	}) == 0
}

deny contains sprintf("%s does not log everything", [resource.address]) if {
	some resource in of_type("aws_eks_cluster")
	count(resource.values.enabled_cluster_log_types) < 5
}

deny contains sprintf("%s has nobody to tell, or nothing to tell them", [resource.address]) if {
	some resource in of_type("aws_cloudwatch_metric_alarm")
	not tells(resource)
}

tells(resource) if {
	count(resource.values.alarm_actions) > 0
	contains(resource.values.alarm_description, "Runbook: ")
}

deny contains "there is no budget" if count(of_type("aws_budgets_budget")) == 0

deny contains sprintf("%s tells nobody before the money is spent", [resource.address]) if {
	some resource in of_type("aws_budgets_budget")
	kinds := {notification.notification_type | some notification in resource.values.notification; count(notification.subscriber_sns_topic_arns) > 0}
	kinds != {"ACTUAL", "FORECASTED"}
}

deny contains sprintf("%s is about no environment", [resource.address]) if {
	some resource in of_type("aws_budgets_budget")
	not tagged_costs(resource)
}

tagged_costs(resource) if {
	some filter in resource.values.cost_filter
	some value in filter.values
	regex.match(`^user:Environment\$[a-z]+$`, value)
}

deny contains sprintf("%s fails over without looking", [resource.address]) if {
	some resource in of_type("aws_route53_record")
	count(object.get(resource.values, "failover_routing_policy", [])) > 0
	object.get(resource.values, "health_check_id", null) == null
}

deny contains sprintf("%s has no web firewall", [resource.address]) if {
	some resource in of_type("aws_cloudfront_distribution")
	object.get(resource.values, "web_acl_id", null) in {null, ""}
}

deny contains sprintf("%s: a tag can be moved to another image", [resource.address]) if {
	some resource in of_type("aws_ecr_repository")
	resource.values.image_tag_mutability != "IMMUTABLE"
}
