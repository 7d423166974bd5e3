mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name                   = "test"
  vpc_id                 = "vpc"
  subnets                = { a = "subnet-a", b = "subnet-b", c = "subnet-c" }
  pods_security_group_id = "sg-pods"
  domain                 = "shop.example.com"
  zone_id                = "Z"
  log_bucket             = "logs"
}

run "only_the_cdn_and_health_checks_come_in" {
  command = apply

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.https : rule.prefix_list_id != null && rule.cidr_ipv4 == null && rule.from_port == 443 && rule.to_port == 443])
    error_message = "HTTPS from lists that AWS keeps, and from nowhere else."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.pods.referenced_security_group_id == "sg-pods"
    error_message = "It goes on to pods only."
  }

  assert {
    condition     = length(aws_route53_record.proof) == 2
    error_message = "Each name of the certificate is proved."
  }

  assert {
    condition     = length(aws_lb.this.subnet_mapping) == 3 && toset(keys(output.addresses)) == toset(["a", "b", "c"])
    error_message = "A fixed address in each zone."
  }
}

run "a_port_of_root_is_refused" {
  command = plan

  variables {
    pod_port = 443
  }

  expect_failures = [var.pod_port]
}
