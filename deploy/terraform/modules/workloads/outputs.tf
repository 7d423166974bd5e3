output "roles" {
  description = "Role of each workload."
  value       = { for workload, identity in module.identity : workload => identity.role_arn }
}
