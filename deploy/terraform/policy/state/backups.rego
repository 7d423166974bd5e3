package main

import rego.v1

primaries contains resource if {
	some resource in of_type("aws_db_instance")
	object.get(resource.values, "replicate_source_db", null) == null
}

deny contains sprintf("%s keeps backups for less than 30 days", [resource.address]) if {
	some resource in primaries
	resource.values.backup_retention_period < 30
}

deny contains sprintf("%s can be deleted by mistake, or without a last snapshot", [resource.address]) if {
	some resource in primaries
	not hard_to_delete(resource)
}

hard_to_delete(resource) if {
	resource.values.deletion_protection
	not resource.values.skip_final_snapshot
}

backup_buckets contains resource if {
	some resource in of_type("aws_s3_bucket")
	endswith(resource.values.bucket, "-backups")
}

deny contains "there is no bucket for backups" if count(backup_buckets) == 0

deny contains sprintf("%s: what is written can be destroyed within 30 days", [bucket.address]) if {
	some bucket in backup_buckets
	locked := {rule.default_retention[0].days |
		some lock in of_type("aws_s3_bucket_object_lock_configuration")
		lock.values.bucket == bucket.values.id
		some rule in lock.values.rule
	}
	count({days | some days in locked; days >= 30}) == 0
}

deny contains sprintf("%s is not hot for 30 days, then cold, then gone", [bucket.address]) if {
	some bucket in backup_buckets
	count({rule |
		some lifecycle in of_type("aws_s3_bucket_lifecycle_configuration")
		lifecycle.values.bucket == bucket.values.id
		some rule in lifecycle.values.rule
		cold_then_gone(rule)
	}) == 0
}

cold_then_gone(rule) if {
	rule.status == "Enabled"
	some transition in rule.transition
	transition.days >= 30
	transition.storage_class in {"GLACIER", "DEEP_ARCHIVE"}
	some expiration in rule.expiration
	expiration.days > transition.days
}

deny contains sprintf("%s keeps its log for less than a year", [resource.address]) if {
	some resource in of_type("aws_cloudwatch_log_group")
	resource.values.retention_in_days < 365
}

deny contains sprintf("%s keeps unfinished uploads for ever", [resource.address]) if {
	some resource in of_type("aws_s3_bucket_lifecycle_configuration")
	count({rule |
		some rule in resource.values.rule
		rule.status == "Enabled"
		some abort in object.get(rule, "abort_incomplete_multipart_upload", [])
		abort.days_after_initiation <= 7
	}) == 0
}
