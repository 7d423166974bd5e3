mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name            = "test"
  domain          = "shop.example.com"
  zone_id         = "Z"
  distribution    = { domain_name = "d.example", zone_id = "Z2" }
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:alarms"
  origins = {
    primary   = { dns_name = "one.example", zone_id = "Z3", addresses = { a = "203.0.113.1", b = "203.0.113.2", c = "203.0.113.3" } }
    secondary = { dns_name = "two.example", zone_id = "Z4", addresses = { a = "203.0.113.4", b = "203.0.113.5", c = "203.0.113.6" } }
  }
}

run "the_second_region_takes_over" {
  command = apply

  assert {
    condition     = { for role, record in aws_route53_record.failover : role => record.failover_routing_policy[0].type } == { primary = "PRIMARY", secondary = "SECONDARY" }
    error_message = "One of each."
  }

  assert {
    condition     = length(aws_route53_health_check.door) == 6 && alltrue([for check in aws_route53_health_check.door : check.resource_path == "/ready" && check.fqdn == var.domain])
    error_message = "Each zone is asked for the shop, and whether it can sell."
  }

  assert {
    condition     = aws_route53_health_check.origin["secondary"].child_healthchecks == toset([for zone in ["a", "b", "c"] : aws_route53_health_check.door["secondary-${zone}"].id])
    error_message = "A region is what its own zones are."
  }

  assert {
    condition     = alltrue([for role, record in aws_route53_record.failover : record.health_check_id == aws_route53_health_check.origin[role].id])
    error_message = "The answer decides."
  }
}

run "no_primary_is_refused" {
  command = plan

  variables {
    origins = { secondary = { dns_name = "two.example", zone_id = "Z4", addresses = { a = "203.0.113.4", b = "203.0.113.5", c = "203.0.113.6" } } }
  }

  expect_failures = [var.origins]
}
