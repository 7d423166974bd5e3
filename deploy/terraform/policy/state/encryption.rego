package main

import rego.v1

# AWS's own keys have no ARN in a configuration.
our_key(key) if startswith(key, "arn:aws:kms:")

deny contains sprintf("%s is not encrypted at rest with a key of ours", [resource.address]) if {
	some resource in of_type("aws_db_instance")
	not encrypted_database(resource)
}

encrypted_database(resource) if {
	resource.values.storage_encrypted == true
	our_key(resource.values.kms_key_id)
}

deny contains sprintf("%s is not encrypted at rest with a key of ours", [resource.address]) if {
	some resource in of_type("aws_elasticache_replication_group")
	not encrypted_cache(resource)
}

encrypted_cache(resource) if {
	resource.values.at_rest_encryption_enabled in {true, "true"}
	our_key(resource.values.kms_key_id)
}

deny contains sprintf("%s speaks without TLS", [resource.address]) if {
	some resource in of_type("aws_elasticache_replication_group")
	not only_tls(resource)
}

only_tls(resource) if {
	resource.values.transit_encryption_enabled == true
	resource.values.transit_encryption_mode == "required"
}

deny contains sprintf("%s lets clients connect without TLS", [resource.address]) if {
	some resource in of_type("aws_db_parameter_group")
	not "1" in {parameter.value | some parameter in resource.values.parameter; parameter.name == "rds.force_ssl"}
}

deny contains sprintf("%s has a volume without encryption", [resource.address]) if {
	some resource in of_type("aws_launch_template")
	some device in resource.values.block_device_mappings
	some volume in device.ebs
	not volume.encrypted in {true, "true"}
}

deny contains sprintf("%s keeps Kubernetes Secrets without a key of ours", [resource.address]) if {
	some resource in of_type("aws_eks_cluster")
	not "secrets" in {kind | some config in resource.values.encryption_config; some kind in config.resources}
}

key_attributes := {
	"aws_cloudwatch_log_group": "kms_key_id",
	"aws_secretsmanager_secret": "kms_key_id",
	"aws_sns_topic": "kms_master_key_id",
}

deny contains sprintf("%s has no KMS key", [resource.address]) if {
	some type, attribute in key_attributes
	some resource in of_type(type)
	not our_key(object.get(resource.values, attribute, ""))
}

deny contains sprintf("%s does not encrypt images with KMS", [resource.address]) if {
	some resource in of_type("aws_ecr_repository")
	not "KMS" in {config.encryption_type | some config in resource.values.encryption_configuration}
}

deny contains sprintf("%s does not change its material every year", [resource.address]) if {
	some resource in of_type("aws_kms_key")
	not resource.values.enable_key_rotation
}

# What must belong to every bucket, by the bucket's id.
bucket_parts := {
	"aws_s3_bucket_lifecycle_configuration": "a lifecycle",
	"aws_s3_bucket_policy": "a policy that refuses unencrypted connections",
	"aws_s3_bucket_public_access_block": "a block on public access",
	"aws_s3_bucket_server_side_encryption_configuration": "encryption",
	"aws_s3_bucket_versioning": "versions",
}

deny contains sprintf("%s lacks %s", [bucket.address, what]) if {
	some type, what in bucket_parts
	some bucket in of_type("aws_s3_bucket")
	count({part | some part in of_type(type); part.values.bucket == bucket.values.id}) == 0
}

deny contains sprintf("%s lets something public through", [resource.address]) if {
	some resource in of_type("aws_s3_bucket_public_access_block")
	some switch in {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}
	not resource.values[switch]
}

deny contains sprintf("%s accepts an outdated protocol", [resource.address]) if {
	some resource in of_type("aws_lb_listener")
	not tls_listener(resource)
}

tls_listener(resource) if {
	resource.values.protocol in {"TLS", "HTTPS"}
	startswith(resource.values.ssl_policy, "ELBSecurityPolicy-TLS13-")
}

deny contains sprintf("%s accepts an outdated protocol", [resource.address]) if {
	some resource in of_type("aws_cloudfront_distribution")
	some certificate in resource.values.viewer_certificate
	certificate.minimum_protocol_version != "TLSv1.2_2021"
}

deny contains sprintf("%s answers without TLS", [resource.address]) if {
	some resource in of_type("aws_cloudfront_distribution")
	behaviours := array.concat(resource.values.default_cache_behavior, resource.values.ordered_cache_behavior)
	some behaviour in behaviours
	not behaviour.viewer_protocol_policy in {"https-only", "redirect-to-https"}
}
