package main

import rego.v1

statements contains {"address": resource.address, "name": resource.name, "statement": statement} if {
	some resource in resources
	resource.type == "aws_iam_policy_document"
	some statement in resource.values.statement
	object.get(statement, "effect", null) in {null, "Allow"}
}

deny contains sprintf("%s allows %s: name the actions", [entry.address, action]) if {
	some entry in statements
	some action in entry.statement.actions
	contains(action, "*")
}

deny contains sprintf("%s allows everything but something", [entry.address]) if {
	some entry in statements
	count(object.get(entry.statement, "not_actions", null)) > 0
}

# Calls that only look, and that AWS offers for `*` alone.
only_looks(action) if regex.match(`^(autoscaling|ec2|elasticloadbalancing):(Describe|Get)[A-Za-z]+$`, action)

# The resource of a key policy is its key.
key_policy(entry) if {
	entry.name == "key"
	every action in entry.statement.actions { startswith(action, "kms:") }
}

deny contains sprintf("%s allows %s on everything", [entry.address, action]) if {
	some entry in statements
	"*" in entry.statement.resources
	not key_policy(entry)
	some action in entry.statement.actions
	not only_looks(action)
}

deny contains sprintf("%s allows everybody", [entry.address]) if {
	some entry in statements
	some principal in entry.statement.principals
	"*" in principal.identifiers
}

# What AWS maintains for its own components; everything else is written here.
managed_policies := {
	"AmazonEBSCSIDriverPolicy",
	"AmazonEC2ContainerRegistryPullOnly",
	"AmazonEKSClusterPolicy",
	"AmazonEKSWorkerNodeMinimalPolicy",
	"AmazonEKS_CNI_Policy",
	"AmazonRDSEnhancedMonitoringRole",
}

deny contains sprintf("%s attaches %s", [resource.address, resource.values.policy_arn]) if {
	some resource in of_type("aws_iam_role_policy_attachment")
	parts := split(resource.values.policy_arn, "/")
	not parts[count(parts) - 1] in managed_policies
}

deny contains sprintf("%s: people come by single sign-on and machines by roles, nobody has keys", [resource.address]) if {
	some type in {"aws_iam_access_key", "aws_iam_user"}
	some resource in of_type(type)
}
