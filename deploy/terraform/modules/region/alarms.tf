locals {
  runbook = "Runbook: docs/deploy.md, AWS."

  load_balancer_alarms = {
    "targets-unhealthy" = {
      description = "Ingress pods fail their health check. ${local.runbook}"
      namespace   = "AWS/NetworkELB"
      metric      = "UnHealthyHostCount"
      statistic   = "Maximum"
      dimensions  = module.load_balancer.dimensions
      limit       = 0
    }
  }

  cache_alarms = merge([for member in flatten(module.cache[*].members) : {
    "${member}-memory" = {
      description = "The cache is nearly full, and refuses writes when it is. ${local.runbook}"
      namespace   = "AWS/ElastiCache"
      metric      = "DatabaseMemoryUsagePercentage"
      statistic   = "Average"
      dimensions  = { CacheClusterId = member }
      limit       = 80
    }
    "${member}-cpu" = {
      description = "The cache has one core for commands, and it is busy. ${local.runbook}"
      namespace   = "AWS/ElastiCache"
      metric      = "EngineCPUUtilization"
      statistic   = "Average"
      dimensions  = { CacheClusterId = member }
      limit       = 70
    }
  }]...)

  database_alarms = merge([for service, database in module.database : {
    "${service}-database-cpu" = {
      description = "The ${service} database is short of cores. ${local.runbook}"
      namespace   = "AWS/RDS"
      metric      = "CPUUtilization"
      statistic   = "Average"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      limit       = 70
      periods     = 10
    }
    "${service}-database-disk" = {
      description = "The disk of the ${service} database has less than 10 GiB left. ${local.runbook}"
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      statistic   = "Minimum"
      dimensions  = { DBInstanceIdentifier = database.identifier }
      limit       = 10737418240
      below       = true
    }
  }]...)

  replica_alarms = merge([for service, database in module.database : {
    for replica in database.replica_identifiers : "${replica}-lag" => {
      description = "Reads from ${replica} are more than 10 s old. ${local.runbook}"
      namespace   = "AWS/RDS"
      metric      = "ReplicaLag"
      statistic   = "Maximum"
      dimensions  = { DBInstanceIdentifier = replica }
      limit       = 10
    }
  }]...)

  copy_alarms = var.copy_to == null ? {} : {
    "backup-copy-late" = {
      description = "Backups reach the other region more than 15 minutes late. ${local.runbook}"
      namespace   = "AWS/S3"
      metric      = "ReplicationLatency"
      statistic   = "Maximum"
      dimensions = {
        SourceBucket      = module.backups.name
        DestinationBucket = element(split(":", var.copy_to.backup_bucket.bucket_arn), 5)
        RuleId            = "other-region"
      }
      limit = 900
    }
  }
}

module "alarms" {
  source = "../alarms"

  name    = var.name
  key_arn = module.encryption.keys.logs
  emails  = var.alarm_emails
  alarms  = merge(local.load_balancer_alarms, local.cache_alarms, local.database_alarms, local.replica_alarms, local.copy_alarms)
}
