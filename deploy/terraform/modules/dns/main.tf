resource "aws_route53_record" "shop" {
  for_each = toset(["A", "AAAA"])

  zone_id = var.zone_id
  name    = var.domain
  type    = each.key

  alias {
    name                   = var.distribution.domain_name
    zone_id                = var.distribution.zone_id
    evaluate_target_health = false
  }
}

locals {
  doors = merge([for role, origin in var.origins : { for zone, address in origin.addresses : "${role}-${zone}" => { role = role, address = address } }]...)
}

# Each address is asked for the shop by its own name, past the CDN. Ready means that a purchase can work.
resource "aws_route53_health_check" "door" {
  for_each = local.doors

  type              = "HTTPS"
  ip_address        = each.value.address
  fqdn              = var.domain
  port              = 443
  resource_path     = "/ready"
  enable_sni        = true
  request_interval  = 10
  failure_threshold = 3

  tags = { Name = "${var.name}-${each.key}" }
}

# A region sells as long as one of its zones does; when none does, it is left after half a minute.
resource "aws_route53_health_check" "origin" {
  for_each = var.origins

  type                   = "CALCULATED"
  child_health_threshold = 1
  child_healthchecks     = [for door, check in aws_route53_health_check.door : check.id if local.doors[door].role == each.key]

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route53_record" "failover" {
  # checkov:skip=CKV2_AWS_23:points to a load balancer of another module
  for_each = var.origins

  zone_id         = var.zone_id
  name            = "origin.${var.domain}"
  type            = "A"
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.origin[each.key].id

  failover_routing_policy {
    type = upper(each.key)
  }

  alias {
    name                   = each.value.dns_name
    zone_id                = each.value.zone_id
    evaluate_target_health = true
  }
}

resource "aws_cloudwatch_metric_alarm" "origin" {
  for_each = aws_route53_health_check.origin

  alarm_name          = "${var.name}-${each.key}-cannot-sell"
  alarm_description   = "The gateway of the ${each.key} region is not ready, seen from outside. Runbook: docs/deploy.md, AWS."
  namespace           = "AWS/Route53"
  metric_name         = "HealthCheckStatus"
  statistic           = "Minimum"
  dimensions          = { HealthCheckId = each.value.id }
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  tags = { Name = "${var.name}-${each.key}-cannot-sell" }
}
