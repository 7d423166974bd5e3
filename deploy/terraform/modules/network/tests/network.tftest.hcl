mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name         = "test-network"
  cidr         = "10.99.0.0/16"
  zones        = ["a", "b", "c"]
  logs_key_arn = "arn:aws:kms:us-east-1:123456789012:key/mocked"
}

run "a_way_out_in_every_zone" {
  command = apply

  assert {
    condition     = output.nat_gateways == 3
    error_message = "Each zone has its own NAT gateway."
  }

  assert {
    condition     = alltrue([for zone in var.zones : aws_route.private_out[zone].nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "No zone depends on another's."
  }

  assert {
    condition     = length(distinct([for subnet in concat(values(aws_subnet.private), values(aws_subnet.public), values(aws_subnet.data)) : subnet.cidr_block])) == 9
    error_message = "Nine subnets with nine ranges."
  }

  assert {
    condition     = [for zone in var.zones : aws_subnet.private[zone].cidr_block] == ["10.99.0.0/18", "10.99.64.0/18", "10.99.128.0/18"]
    error_message = "A quarter of the network for the pods of each zone."
  }

  assert {
    condition     = alltrue([for association in aws_route_table_association.data : association.route_table_id == aws_route_table.data.id])
    error_message = "Data subnets use the table without a way out."
  }
}

run "a_single_way_out_is_cheaper" {
  command = apply

  variables {
    nat = "single"
  }

  assert {
    condition     = output.nat_gateways == 1 && length(aws_route.private_out) == 3
    error_message = "One gateway, and all zones go through it."
  }
}

run "two_zones_are_refused" {
  command = plan

  variables {
    zones = ["a", "b"]
  }

  expect_failures = [var.zones]
}

run "one_zone_thrice_is_refused" {
  command = plan

  variables {
    zones = ["a", "a", "a"]
  }

  expect_failures = [var.zones]
}

run "a_small_network_is_refused" {
  command = plan

  variables {
    cidr = "10.99.0.0/20"
  }

  expect_failures = [var.cidr]
}

run "an_unknown_kind_of_nat_is_refused" {
  command = plan

  variables {
    nat = "none"
  }

  expect_failures = [var.nat]
}
