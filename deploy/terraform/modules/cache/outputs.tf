output "address" {
  description = "Host for REDIS_URL, which begins with rediss:// and names the user services."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "members" {
  description = "Nodes, for alarms, as ElastiCache names them; its own list is known too late for that."
  value       = [for number in range(1, 2 + var.replicas) : format("%s-%03d", var.name, number)]
}
