package main

import rego.v1

# A state with these resources and nothing else.
state(list) := {"root_module": {"resources": list}}

planted(type, values) := {"address": sprintf("%s.planted", [type]), "mode": "managed", "type": type, "name": "planted", "values": values}

document(name, statement) := {"address": "data.planted", "mode": "data", "type": "aws_iam_policy_document", "name": name, "values": {"statement": [statement]}}

allowing(actions, resources) := {"effect": null, "actions": actions, "resources": resources, "not_actions": null, "principals": [], "condition": []}

# The planted mistakes, each with what must be said about it.
mistakes := {
	"database with AWS's own key": {"says": "encrypted at rest", "state": [planted("aws_db_instance", {"storage_encrypted": true, "kms_key_id": "made-up"})]},
	"database without encryption": {"says": "encrypted at rest", "state": [planted("aws_db_instance", {"storage_encrypted": false, "kms_key_id": "arn:aws:kms:x"})]},
	"cache with AWS's own key": {"says": "encrypted at rest", "state": [planted("aws_elasticache_replication_group", {"at_rest_encryption_enabled": "true", "kms_key_id": null})]},
	"cache without TLS": {"says": "without TLS", "state": [planted("aws_elasticache_replication_group", {"transit_encryption_enabled": true, "transit_encryption_mode": "preferred"})]},
	"database without forced TLS": {"says": "without TLS", "state": [planted("aws_db_parameter_group", {"parameter": [{"name": "rds.force_ssl", "value": "0"}]})]},
	"node volume in the clear": {"says": "without encryption", "state": [planted("aws_launch_template", {"block_device_mappings": [{"ebs": [{"encrypted": "false"}]}], "metadata_options": []})]},
	"cluster secrets in the clear": {"says": "Kubernetes Secrets", "state": [planted("aws_eks_cluster", {"encryption_config": [], "enabled_cluster_log_types": []})]},
	"log group without a key": {"says": "no KMS key", "state": [planted("aws_cloudwatch_log_group", {"kms_key_id": null, "retention_in_days": 365})]},
	"images without KMS": {"says": "encrypt images", "state": [planted("aws_ecr_repository", {"encryption_configuration": [{"encryption_type": "AES256"}]})]},
	"key for ever": {"says": "every year", "state": [planted("aws_kms_key", {"enable_key_rotation": false})]},
	"bucket alone": {"says": "lacks a block on public access", "state": [planted("aws_s3_bucket", {"id": "b", "bucket": "b"})]},
	"bucket with public policy": {"says": "something public", "state": [planted("aws_s3_bucket_public_access_block", {"block_public_acls": true, "block_public_policy": false, "ignore_public_acls": true, "restrict_public_buckets": true})]},
	"old TLS at the load balancer": {"says": "outdated protocol", "state": [planted("aws_lb_listener", {"protocol": "TLS", "ssl_policy": "ELBSecurityPolicy-2016-08"})]},
	"plain TCP at the load balancer": {"says": "outdated protocol", "state": [planted("aws_lb_listener", {"protocol": "TCP", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"})]},
	"old TLS at the edge": {"says": "outdated protocol", "state": [planted("aws_cloudfront_distribution", {"viewer_certificate": [{"minimum_protocol_version": "TLSv1"}], "web_acl_id": "w"})]},
	"plain HTTP at the edge": {"says": "answers without TLS", "state": [planted("aws_cloudfront_distribution", {"default_cache_behavior": [{"viewer_protocol_policy": "allow-all"}], "ordered_cache_behavior": []})]},
	"edge without a firewall": {"says": "no web firewall", "state": [planted("aws_cloudfront_distribution", {"web_acl_id": ""})]},
	"database port for everybody": {"says": "whole internet", "state": [planted("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "0.0.0.0/0", "from_port": 5432, "to_port": 5432, "security_group_id": "sg"})]},
	"all of IPv6": {"says": "whole internet", "state": [planted("aws_vpc_security_group_ingress_rule", {"cidr_ipv6": "::/0", "from_port": 443, "to_port": 443, "security_group_id": "sg"})]},
	"443 and more at the load balancer": {"says": "whole internet", "state": [
		planted("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "0.0.0.0/0", "from_port": 443, "to_port": 8443, "security_group_id": "sg"}),
		planted("aws_lb", {"security_groups": ["sg"]}),
	]},
	"rule within a group": {"says": "whole internet", "state": [planted("aws_security_group", {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": []}]})]},
	"rule of the old kind": {"says": "write rules as", "state": [planted("aws_security_group_rule", {})]},
	"public database": {"says": "is public", "state": [planted("aws_db_instance", {"publicly_accessible": true})]},
	"database with a way out": {"says": "a way out", "state": [
		planted("aws_db_subnet_group", {"subnet_ids": ["s"]}),
		planted("aws_route_table_association", {"subnet_id": "s", "route_table_id": "t"}),
		planted("aws_route", {"route_table_id": "t", "destination_cidr_block": "0.0.0.0/0"}),
	]},
	"public machines": {"says": "public addresses", "state": [planted("aws_subnet", {"map_public_ip_on_launch": true, "vpc_id": "v", "availability_zone": "a"})]},
	"two zones": {"says": "fewer than three zones", "state": [
		planted("aws_vpc", {"id": "v"}),
		planted("aws_subnet", {"vpc_id": "v", "availability_zone": "a"}),
		planted("aws_subnet", {"vpc_id": "v", "availability_zone": "b"}),
	]},
	"API server for everybody": {"says": "open to the internet", "state": [planted("aws_eks_cluster", {"vpc_config": [{"endpoint_public_access": true, "public_access_cidrs": ["0.0.0.0/0"]}]})]},
	"pods with the node's credentials": {"says": "credentials of their node", "state": [planted("aws_launch_template", {"metadata_options": [{"http_tokens": "required", "http_put_response_hop_limit": 2}]})]},
	"backups of a week": {"says": "less than 30 days", "state": [planted("aws_db_instance", {"backup_retention_period": 7})]},
	"database one click from gone": {"says": "deleted by mistake", "state": [planted("aws_db_instance", {"backup_retention_period": 30, "deletion_protection": false, "skip_final_snapshot": false})]},
	"no backups": {"says": "no bucket for backups", "state": []},
	"backups that a thief deletes": {"says": "can be destroyed", "state": [planted("aws_s3_bucket", {"id": "b", "bucket": "x-backups"})]},
	"backups cold after a week": {"says": "not hot for 30 days", "state": [
		planted("aws_s3_bucket", {"id": "b", "bucket": "x-backups"}),
		planted("aws_s3_bucket_lifecycle_configuration", {"bucket": "b", "rule": [{"status": "Enabled", "transition": [{"days": 7, "storage_class": "GLACIER"}], "expiration": [{"days": 365}]}]}),
	]},
	"unfinished uploads": {"says": "unfinished uploads", "state": [planted("aws_s3_bucket_lifecycle_configuration", {"bucket": "b", "rule": []})]},
	"a short memory": {"says": "less than a year", "state": [planted("aws_cloudwatch_log_group", {"retention_in_days": 30, "kms_key_id": "k"})]},
	"every action": {"says": "name the actions", "state": [document("x", allowing(["s3:*"], ["arn"]))]},
	"every resource": {"says": "on everything", "state": [document("x", allowing(["s3:GetObject"], ["*"]))]},
	"a key policy with more than keys": {"says": "on everything", "state": [document("key", allowing(["kms:Decrypt", "iam:PassRole"], ["*"]))]},
	"all but one": {"says": "everything but", "state": [document("x", object.union(allowing([], ["arn"]), {"not_actions": ["iam:PassRole"]}))]},
	"everybody": {"says": "allows everybody", "state": [document("x", object.union(allowing(["s3:GetObject"], ["arn"]), {"principals": [{"type": "*", "identifiers": ["*"]}]}))]},
	"an administrator's policy": {"says": "AdministratorAccess", "state": [planted("aws_iam_role_policy_attachment", {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"})]},
	"a user with keys": {"says": "nobody has keys", "state": [planted("aws_iam_user", {})]},
	"no name": {"says": "has no Name", "state": [planted("aws_vpc", {"id": "v", "tags": null})]},
	"databases on spot": {"says": "two minutes' notice", "state": [planted("aws_eks_node_group", {"taint": [{"value": "database"}], "capacity_type": "SPOT", "cluster_name": "c"})]},
	"payments on spot": {"says": "for payments", "state": [
		planted("aws_eks_cluster", {"name": "c"}),
		planted("aws_eks_node_group", {"taint": [{"value": "database"}], "capacity_type": "ON_DEMAND", "cluster_name": "c"}),
	]},
	"no audit log": {"says": "log everything", "state": [planted("aws_eks_cluster", {"name": "c", "enabled_cluster_log_types": ["api"]})]},
	"an alarm nobody hears": {"says": "nobody to tell", "state": [planted("aws_cloudwatch_metric_alarm", {"alarm_actions": [], "alarm_description": "Runbook: x"})]},
	"an alarm without a runbook": {"says": "nothing to tell", "state": [planted("aws_cloudwatch_metric_alarm", {"alarm_actions": ["a"], "alarm_description": "It is red."})]},
	"no budget": {"says": "there is no budget", "state": []},
	"a budget that speaks too late": {"says": "before the money is spent", "state": [planted("aws_budgets_budget", {"notification": [{"notification_type": "ACTUAL", "subscriber_sns_topic_arns": ["t"]}], "cost_filter": []})]},
	"a budget of nothing": {"says": "about no environment", "state": [planted("aws_budgets_budget", {"notification": [], "cost_filter": [{"values": ["user:Environment${var.environment}"]}]})]},
	"blind failover": {"says": "without looking", "state": [planted("aws_route53_record", {"failover_routing_policy": [{"type": "PRIMARY"}], "health_check_id": null})]},
	"a tag that moves": {"says": "moved to another image", "state": [planted("aws_ecr_repository", {"image_tag_mutability": "MUTABLE", "encryption_configuration": [{"encryption_type": "KMS"}]})]},
	"an empty state": {"says": "nothing was checked", "state": []},
}

found(mistake) if {
	some message in deny with input as state(mistake.state)
	contains(message, mistake.says)
}

missed contains name if {
	some name, mistake in mistakes
	not found(mistake)
}

test_every_planted_mistake_is_found if count(missed) == 0

test_mistakes_are_many if count(mistakes) >= 50

said_about(list, part) := {message | some message in deny with input as state(list); contains(message, part)}

test_https_of_a_load_balancer_may_be_public if count(said_about([
	planted("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "0.0.0.0/0", "from_port": 443, "to_port": 443, "security_group_id": "sg"}),
	planted("aws_lb", {"security_groups": ["sg"]}),
], "whole internet")) == 0

test_looking_may_be_about_everything if count(said_about([document("x", allowing(["ec2:DescribeSubnets"], ["*"]))], "on everything")) == 0

test_a_key_policy_is_about_its_key if count(said_about([document("key", allowing(["kms:Decrypt"], ["*"]))], "on everything")) == 0
