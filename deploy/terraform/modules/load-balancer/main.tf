# Not the internet: only the addresses of CloudFront and of Route 53's health checks.
data "aws_ec2_managed_prefix_list" "cdn" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

data "aws_ec2_managed_prefix_list" "health_checks" {
  name = "com.amazonaws.${data.aws_region.this.region}.route53-healthchecks"
}

data "aws_region" "this" {}

locals {
  clients = {
    cdn           = { what = "HTTPS from CloudFront", prefix_list = data.aws_ec2_managed_prefix_list.cdn.id }
    health-checks = { what = "HTTPS from the health checks of Route 53", prefix_list = data.aws_ec2_managed_prefix_list.health_checks.id }
  }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-load-balancer"
  description = "The one door of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each = local.clients

  security_group_id = aws_security_group.this.id
  description       = each.value.what
  prefix_list_id    = each.value.prefix_list
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "pods" {
  security_group_id            = aws_security_group.this.id
  description                  = "To the ingress pods"
  referenced_security_group_id = var.pods_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.pod_port
  to_port                      = var.pod_port

  tags = { Name = "${var.name}-to-pods" }
}

resource "aws_vpc_security_group_ingress_rule" "pods" {
  security_group_id            = var.pods_security_group_id
  description                  = "Ingress pods from the load balancer"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.pod_port
  to_port                      = var.pod_port

  tags = { Name = "${var.name}-from-load-balancer" }
}

# Fixed, so that health checks can ask each zone for the shop by its own name.
resource "aws_eip" "this" {
  # checkov:skip=CKV2_AWS_19:attached to the load balancer below, by subnet_mapping
  for_each = var.subnets

  domain = "vpc"

  tags = { Name = "${var.name}-load-balancer-${each.key}" }
}

resource "aws_lb" "this" {
  # checkov:skip=CKV_AWS_150:deletion protection is on; an older name of the argument is looked for
  # checkov:skip=CKV2_AWS_28:a network load balancer takes no web firewall; CloudFront in front of it has one
  name                             = var.name
  load_balancer_type               = "network"
  internal                         = false
  security_groups                  = [aws_security_group.this.id]
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = true

  dynamic "subnet_mapping" {
    for_each = var.subnets

    content {
      subnet_id     = subnet_mapping.value
      allocation_id = aws_eip.this[subnet_mapping.key].id
    }
  }

  access_logs {
    bucket  = var.log_bucket
    prefix  = "load-balancer"
    enabled = true
  }

  tags = { Name = var.name }
}

resource "aws_lb_target_group" "this" {
  name                   = var.name
  vpc_id                 = var.vpc_id
  target_type            = "ip"
  protocol               = "TLS"
  port                   = var.pod_port
  preserve_client_ip     = false
  deregistration_delay   = 60
  connection_termination = true

  # The ingress knows no name to answer here, so it is asked only whether it listens; whether a purchase can work, Route 53 asks.
  health_check {
    protocol            = "TCP"
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  tags = { Name = var.name }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "TLS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  tags = { Name = "${var.name}-https" }
}
