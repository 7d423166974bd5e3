package main

import rego.v1

anywhere := {"0.0.0.0/0", "::/0"}

rule_of(resource) := {object.get(resource.values, "cidr_ipv4", null), object.get(resource.values, "cidr_ipv6", null)}

load_balancer_groups := {group | some balancer in of_type("aws_lb"); some group in balancer.values.security_groups}

deny contains sprintf("%s lets the whole internet in", [resource.address]) if {
	some resource in of_type("aws_vpc_security_group_ingress_rule")
	count(rule_of(resource) & anywhere) > 0
	not door(resource)
}

# The one thing the internet may reach: HTTPS of a load balancer.
door(resource) if {
	resource.values.from_port == 443
	resource.values.to_port == 443
	resource.values.security_group_id in load_balancer_groups
}

# Rules elsewhere than in their own resource would be overlooked by the rule above.
deny contains sprintf("%s: write rules as aws_vpc_security_group_*_rule", [resource.address]) if {
	some resource in of_type("aws_security_group_rule")
}

open_inline(resource) if {
	some rule in object.get(resource.values, "ingress", [])
	some cidr in array.concat(object.get(rule, "cidr_blocks", []), object.get(rule, "ipv6_cidr_blocks", []))
	cidr in anywhere
}

deny contains sprintf("%s lets the whole internet in", [resource.address]) if {
	some resource in of_type("aws_security_group")
	open_inline(resource)
}

deny contains sprintf("%s is public", [resource.address]) if {
	some resource in of_type("aws_db_instance")
	resource.values.publicly_accessible
}

routed_out := {route.values.route_table_id |
	some route in of_type("aws_route")
	route.values.destination_cidr_block == "0.0.0.0/0"
}

subnets_with_a_way_out := {association.values.subnet_id |
	some association in of_type("aws_route_table_association")
	association.values.route_table_id in routed_out
}

deny contains sprintf("%s is in a subnet with a way out", [resource.address]) if {
	some type in {"aws_db_subnet_group", "aws_elasticache_subnet_group"}
	some resource in of_type(type)
	some subnet in resource.values.subnet_ids
	subnet in subnets_with_a_way_out
}

deny contains sprintf("%s gives its machines public addresses", [resource.address]) if {
	some resource in of_type("aws_subnet")
	resource.values.map_public_ip_on_launch
}

deny contains sprintf("%s is in fewer than three zones", [resource.address]) if {
	some resource in of_type("aws_vpc")
	zones := {subnet.values.availability_zone | some subnet in of_type("aws_subnet"); subnet.values.vpc_id == resource.values.id}
	count(zones) < 3
}

deny contains sprintf("%s: the API server is open to the internet", [resource.address]) if {
	some resource in of_type("aws_eks_cluster")
	some config in resource.values.vpc_config
	config.endpoint_public_access
	some cidr in config.public_access_cidrs
	to_number(split(cidr, "/")[1]) < 24
}

deny contains sprintf("%s lets pods take the credentials of their node", [resource.address]) if {
	some resource in of_type("aws_launch_template")
	some options in resource.values.metadata_options
	not strict_metadata(options)
}

strict_metadata(options) if {
	options.http_tokens == "required"
	options.http_put_response_hop_limit == 1
}
