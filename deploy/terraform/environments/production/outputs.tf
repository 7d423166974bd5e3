output "primary" {
  description = "What deploy/kubernetes needs to know of this region."
  value = {
    cluster          = module.primary.cluster
    target_group_arn = module.primary.load_balancer.target_group_arn
    backup_bucket    = module.primary.buckets.backups.name
    static_bucket    = module.primary.buckets.static.name
    cache_address    = module.primary.cache_address
    databases        = module.primary.databases
    repositories     = module.primary.repositories
    workload_roles   = module.primary.workload_roles
  }
}

output "distribution_id" {
  description = "For `aws cloudfront create-invalidation`."
  value       = module.edge.distribution.id
}

output "standby" {
  description = "The same of the second region."
  value = {
    cluster          = module.standby.cluster
    target_group_arn = module.standby.load_balancer.target_group_arn
    backup_bucket    = module.standby.buckets.backups.name
    cache_address    = module.standby.cache_address
    workload_roles   = module.standby.workload_roles
  }
}
