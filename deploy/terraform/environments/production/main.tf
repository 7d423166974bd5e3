locals {
  domain   = "shop.${var.zone_name}"
  database = var.postgres_mode == "cloudnative-pg"
  zone     = { name = local.domain, zone_id = data.aws_route53_zone.this.zone_id }

  # Sizes: npm run capacity -- --rps 10000 --peak 3 --headroom 0.3, as in docs/capacity.md; `npm run check:terraform` compares them.
  # Order, payment and what is in no hurry to move are on demand; gateway, user and product bear a node that goes in two minutes.
  node_groups = merge(
    {
      on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.2xlarge"], min = 3, max = 6 }
      spot      = { capacity = "SPOT", instance_types = ["m7g.2xlarge", "m6g.2xlarge", "c7g.2xlarge", "r7g.2xlarge"], min = 3, max = 9 }
    },
    local.database ? { database = { capacity = "ON_DEMAND", instance_types = ["m7g.8xlarge"], min = 1, max = 1, per_zone = true, taint = "database" } } : {},
  )

  # Runs enough to follow the database and to be started by the autoscaler; it grows to the same size.
  standby_node_groups = merge(
    {
      on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.2xlarge"], min = 3, max = 6 }
      spot      = { capacity = "SPOT", instance_types = ["m7g.2xlarge", "m6g.2xlarge", "c7g.2xlarge", "r7g.2xlarge"], min = 0, max = 9 }
    },
    local.database ? { database = { capacity = "ON_DEMAND", instance_types = ["m7g.8xlarge"], min = 1, max = 3, taint = "database" } } : {},
  )
}

data "aws_route53_zone" "this" {
  name = var.zone_name
}

module "primary" {
  source = "../../modules/region"

  name             = "emporium-production"
  bucket_prefix    = var.organisation
  network          = { cidr = "10.10.0.0/16", zones = [for letter in ["a", "b", "c"] : "${local.region}${letter}"] }
  domain           = local.zone
  postgres         = { mode = var.postgres_mode, instance_class = "db.m7g.4xlarge", storage_gib = { first = 2000, most = 8000 }, replicas = 2 }
  cache            = var.managed_cache ? { node_type = "cache.m7g.large" } : null
  cache_password   = var.cache_password
  secrets_prefix   = "emporium/production"
  distribution_arn = module.edge.distribution.arn
  alarm_emails     = var.alarm_emails
  kubernetes       = { version = var.kubernetes_version, administrators = var.administrators, public_access_cidrs = var.public_access_cidrs, node_groups = local.node_groups }

  copy_to = {
    region        = local.standby_region
    secrets_key   = module.standby.keys.secrets
    backup_bucket = { bucket_arn = module.standby.buckets.backups.arn, key_arn = module.standby.buckets.backups.key_arn }
    static_bucket = { bucket_arn = module.standby.buckets.static.arn, key_arn = module.standby.buckets.static.key_arn }
  }
}

module "standby" {
  source    = "../../modules/region"
  providers = { aws = aws.standby }

  name             = "emporium-standby"
  bucket_prefix    = var.organisation
  network          = { cidr = "10.20.0.0/16", zones = [for letter in ["a", "b", "c"] : "${local.standby_region}${letter}"] }
  domain           = local.zone
  postgres         = { mode = "cloudnative-pg" }
  cache            = var.managed_cache ? { node_type = "cache.m7g.large" } : null
  cache_password   = var.cache_password
  secrets_prefix   = "emporium/production"
  distribution_arn = module.edge.distribution.arn
  alarm_emails     = var.alarm_emails
  kubernetes       = { version = var.kubernetes_version, administrators = var.administrators, public_access_cidrs = var.public_access_cidrs, node_groups = local.standby_node_groups }

  # Images and secrets are copied from the primary region, under its names.
  images         = []
  secrets        = []
  copied_secrets = [for arn in values(module.primary.secrets) : replace(arn, ":${local.region}:", ":${local.standby_region}:")]
}

module "edge" {
  source = "../../modules/edge"

  name           = "emporium-production"
  domain         = local.domain
  zone_id        = data.aws_route53_zone.this.zone_id
  static_buckets = { first = module.primary.buckets.static.domain_name, second = module.standby.buckets.static.domain_name }
  log_bucket     = module.primary.buckets.logs.domain_name
  logs_key_arn   = module.primary.keys.logs
}

module "dns" {
  source = "../../modules/dns"

  name            = "emporium-production"
  domain          = local.domain
  zone_id         = data.aws_route53_zone.this.zone_id
  distribution    = module.edge.distribution
  alarm_topic_arn = module.primary.alarm_topic_arn

  origins = {
    primary   = { dns_name = module.primary.load_balancer.dns_name, zone_id = module.primary.load_balancer.zone_id, addresses = module.primary.load_balancer.addresses }
    secondary = { dns_name = module.standby.load_balancer.dns_name, zone_id = module.standby.load_balancer.zone_id, addresses = module.standby.load_balancer.addresses }
  }
}

module "costs" {
  source = "../../modules/costs"

  name        = "emporium-production"
  environment = "production"
  monthly_usd = var.monthly_usd
  topic_arn   = module.primary.alarm_topic_arn
}
