output "address" {
  description = "For DATABASE_URL."
  value       = aws_db_instance.primary.address
}

output "replica_addresses" {
  description = "For DATABASE_REPLICA_URL."
  value       = [for replica in aws_db_instance.replica : replica.address]
}

output "identifier" {
  description = "For alarms."
  value       = aws_db_instance.primary.identifier
}

output "replica_identifiers" {
  description = "For alarms about lag."
  value       = [for replica in aws_db_instance.replica : replica.identifier]
}

output "owner_secret_arn" {
  description = "Secret with the owner's password, which RDS makes and changes by itself."
  value       = aws_db_instance.primary.master_user_secret[0].secret_arn
}
