locals {
  domain = "staging.${var.zone_name}"
}

data "aws_route53_zone" "this" {
  name = var.zone_name
}

module "primary" {
  source = "../../modules/region"

  name             = "emporium-staging"
  bucket_prefix    = var.organisation
  network          = { cidr = "10.30.0.0/16", zones = [for letter in ["a", "b", "c"] : "${local.region}${letter}"], nat = "single" }
  domain           = { name = local.domain, zone_id = data.aws_route53_zone.this.zone_id }
  postgres         = { mode = var.postgres_mode, instance_class = "db.m7g.large", storage_gib = { first = 50, most = 200 }, replicas = 1 }
  cache            = var.managed_cache ? { node_type = "cache.m7g.large" } : null
  cache_password   = var.cache_password
  backup_days      = { hot = 30, gone = 120 }
  secrets_prefix   = "emporium/staging"
  distribution_arn = module.edge.distribution.arn
  alarm_emails     = var.alarm_emails

  kubernetes = {
    version             = var.kubernetes_version
    administrators      = var.administrators
    public_access_cidrs = var.public_access_cidrs
    node_groups = {
      database  = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 1, max = 1, per_zone = true, taint = "database" }
      on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 3, max = 6 }
      spot      = { capacity = "SPOT", instance_types = ["m7g.large", "m6g.large", "c7g.large"], min = 0, max = 6 }
    }
  }
}

module "edge" {
  source = "../../modules/edge"

  name           = "emporium-staging"
  domain         = local.domain
  zone_id        = data.aws_route53_zone.this.zone_id
  static_buckets = { first = module.primary.buckets.static.domain_name }
  log_bucket     = module.primary.buckets.logs.domain_name
  logs_key_arn   = module.primary.keys.logs
}

module "dns" {
  source = "../../modules/dns"

  name            = "emporium-staging"
  domain          = local.domain
  zone_id         = data.aws_route53_zone.this.zone_id
  distribution    = module.edge.distribution
  alarm_topic_arn = module.primary.alarm_topic_arn

  origins = {
    primary = { dns_name = module.primary.load_balancer.dns_name, zone_id = module.primary.load_balancer.zone_id, addresses = module.primary.load_balancer.addresses }
  }
}

module "costs" {
  source = "../../modules/costs"

  name        = "emporium-staging"
  environment = "staging"
  monthly_usd = var.monthly_usd
  topic_arn   = module.primary.alarm_topic_arn
}
