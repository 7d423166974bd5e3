resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Cache ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  security_group_id            = aws_security_group.this.id
  description                  = "Redis protocol from nodes and pods"
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379

  tags = { Name = "${var.name}-clients" }
}

resource "aws_elasticache_parameter_group" "this" {
  name   = var.name
  family = "valkey8"

  # Streams must not be dropped to make room: a write is refused instead, and the services go on without Redis.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  tags = { Name = var.name }
}

resource "aws_elasticache_user" "services" {
  user_id   = "${var.name}-services"
  user_name = "services"
  engine    = "valkey"

  # INFO is what the client asks before it calls a connection ready.
  access_string = "on ~* &* +@all -@dangerous +info"

  passwords_wo         = var.password
  passwords_wo_version = var.password_version

  tags = { Name = "${var.name}-services" }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.services.user_id]

  tags = { Name = var.name }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/emporium/${var.name}/cache"
  retention_in_days = 365
  kms_key_id        = var.keys.logs

  tags = { Name = "${var.name}-cache" }
}

resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV_AWS_31:who may connect is a user group with a password, which replaces the single auth token
  replication_group_id = var.name
  description          = "Cache, limits and events of ${var.name}"
  engine               = "valkey"
  engine_version       = "8.0"
  node_type            = var.node_type
  port                 = 6379
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_cache_clusters         = 1 + var.replicas
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  user_group_ids     = [aws_elasticache_user_group.this.user_group_id]

  at_rest_encryption_enabled = true
  kms_key_id                 = var.keys.data
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  # The truth is in Postgres: one day is for looking into what happened, not for restoring a shop.
  snapshot_retention_limit   = 1
  snapshot_window            = "02:00-03:00"
  maintenance_window         = "sun:03:30-sun:04:30"
  auto_minor_version_upgrade = true

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = { Name = var.name }
}
