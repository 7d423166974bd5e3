output "cluster" {
  description = "Name of the cluster, for `aws eks update-kubeconfig`."
  value       = module.cluster.name
}

output "load_balancer" {
  description = "What DNS needs of the load balancer, and what the TargetGroupBinding needs."
  value = {
    addresses        = module.load_balancer.addresses
    dns_name         = module.load_balancer.dns_name
    zone_id          = module.load_balancer.zone_id
    target_group_arn = module.load_balancer.target_group_arn
  }
}

output "buckets" {
  description = "Backups, static files and logs: name, ARN, regional domain name and key."
  value = {
    backups = { name = module.backups.name, arn = module.backups.arn, key_arn = module.encryption.keys.backups }
    static  = { name = module.static.name, arn = module.static.arn, key_arn = module.encryption.keys.static, domain_name = module.static.domain_name }
    logs    = { name = module.logs.name, domain_name = module.logs.domain_name }
  }
}

output "keys" {
  description = "KMS keys by kind of data."
  value       = module.encryption.keys
}

output "cache_address" {
  description = "Host for REDIS_URL where the cache is managed."
  value       = one(module.cache[*].address)
}

output "databases" {
  description = "Where RDS is used: address, replicas and the owner's secret of each service."
  value = {
    for service, database in module.database : service => {
      address      = database.address
      replicas     = database.replica_addresses
      owner_secret = database.owner_secret_arn
    }
  }
}

output "repositories" {
  description = "Address of each image's repository."
  value       = one(module.registry[*].repositories)
}

output "secrets" {
  description = "Secrets to enter values into."
  value       = module.secrets.arns
}

output "workload_roles" {
  description = "Role of each workload that talks to AWS."
  value       = module.workloads.roles
}

output "alarm_topic_arn" {
  description = "Topic of the alarms."
  value       = module.alarms.topic_arn
}
