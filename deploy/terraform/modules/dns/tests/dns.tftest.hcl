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
    primary   = { dns_name = "one.example", zone_id = "Z3", origin_name = "primary.origin.shop.example.com" }
    secondary = { dns_name = "two.example", zone_id = "Z4", origin_name = "secondary.origin.shop.example.com" }
  }
}

run "the_second_region_takes_over" {
  command = apply

  assert {
    condition     = { for role, record in aws_route53_record.failover : role => record.failover_routing_policy[0].type } == { primary = "PRIMARY", secondary = "SECONDARY" }
    error_message = "One of each."
  }

  assert {
    condition     = alltrue([for role, check in aws_route53_health_check.origin : check.resource_path == "/ready" && check.fqdn == var.origins[role].origin_name])
    error_message = "Each region is asked whether it can sell."
  }

  assert {
    condition     = alltrue([for role, record in aws_route53_record.failover : record.health_check_id == aws_route53_health_check.origin[role].id])
    error_message = "The answer decides."
  }
}

run "no_primary_is_refused" {
  command = plan

  variables {
    origins = { secondary = { dns_name = "two.example", zone_id = "Z4", origin_name = "secondary.origin.shop.example.com" } }
  }

  expect_failures = [var.origins]
}
