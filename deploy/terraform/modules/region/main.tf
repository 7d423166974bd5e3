data "aws_caller_identity" "this" {}

module "encryption" {
  source = "../encryption"

  name = var.name
}

module "network" {
  source = "../network"

  name         = var.name
  cidr         = var.network.cidr
  nat          = var.network.nat
  zones        = var.network.zones
  logs_key_arn = module.encryption.keys.logs
}

module "cluster" {
  source = "../cluster"

  name                = var.name
  kubernetes_version  = var.kubernetes.version
  administrators      = var.kubernetes.administrators
  public_access_cidrs = var.kubernetes.public_access_cidrs
  node_groups         = var.kubernetes.node_groups
  private_subnets     = module.network.private_subnets
  key_arn             = module.encryption.keys.cluster
  logs_key_arn        = module.encryption.keys.logs
}

module "load_balancer" {
  source = "../load-balancer"

  name                   = var.name
  vpc_id                 = module.network.vpc_id
  subnets                = module.network.public_subnets
  pods_security_group_id = module.cluster.security_group_id
  domain                 = var.domain.name
  zone_id                = var.domain.zone_id
  log_bucket             = module.logs.name
}

module "cache" {
  source = "../cache"
  count  = var.cache == null ? 0 : 1

  name                     = var.name
  vpc_id                   = module.network.vpc_id
  subnet_ids               = values(module.network.data_subnets)
  client_security_group_id = module.cluster.security_group_id
  node_type                = var.cache.node_type
  replicas                 = var.cache.replicas
  password                 = var.cache_password
  password_version         = var.cache.password_version
  keys                     = { data = module.encryption.keys.data, logs = module.encryption.keys.logs }
}

module "database" {
  source   = "../database"
  for_each = var.postgres.mode == "rds" ? toset(["user", "product", "order", "payment"]) : toset([])

  name                     = "${var.name}-${each.key}"
  database                 = "${each.key}_db"
  vpc_id                   = module.network.vpc_id
  subnet_ids               = values(module.network.data_subnets)
  client_security_group_id = module.cluster.security_group_id
  instance_class           = var.postgres.instance_class
  storage_gib              = var.postgres.storage_gib
  replicas                 = var.postgres.replicas
  keys                     = { data = module.encryption.keys.data, secrets = module.encryption.keys.secrets, logs = module.encryption.keys.logs }
}

module "registry" {
  source = "../registry"
  count  = length(var.images) > 0 ? 1 : 0

  prefix      = var.name
  images      = var.images
  key_arn     = module.encryption.keys.static
  copy_region = var.copy_to == null ? null : var.copy_to.region
}

module "secrets" {
  source = "../secrets"

  prefix      = var.secrets_prefix
  names       = var.secrets
  key_arn     = module.encryption.keys.secrets
  copy_region = var.copy_to == null ? null : { region = var.copy_to.region, key_arn = var.copy_to.secrets_key }
}

module "workloads" {
  source = "../workloads"

  name             = var.name
  cluster          = { name = module.cluster.name, arn = module.cluster.arn, identity_provider = module.cluster.identity_provider }
  backup_bucket    = { arn = module.backups.arn, key_arn = module.encryption.keys.backups }
  target_group_arn = module.load_balancer.target_group_arn
  secrets = {
    key_arn = module.encryption.keys.secrets
    arns = concat(
      values(module.secrets.arns),
      var.copied_secrets,
      [for database in module.database : database.owner_secret_arn],
    )
  }
}
