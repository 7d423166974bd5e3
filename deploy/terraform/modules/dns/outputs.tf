output "health_checks" {
  description = "Id of the health check of each origin."
  value       = { for role, check in aws_route53_health_check.origin : role => check.id }
}
