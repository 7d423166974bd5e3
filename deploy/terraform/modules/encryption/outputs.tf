output "keys" {
  description = "ARN of the key for each kind of data: backups, cluster, data, logs, secrets, static."
  value       = { for kind, key in aws_kms_key.this : kind => key.arn }
}
