mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name                     = "test-order"
  database                 = "order_db"
  vpc_id                   = "vpc"
  subnet_ids               = ["a", "b", "c"]
  client_security_group_id = "sg"
  instance_class           = "db.m7g.large"
  storage_gib              = { first = 50, most = 100 }
  keys                     = { data = "arn:aws:kms:x:1:key/d", secrets = "arn:aws:kms:x:1:key/s", logs = "arn:aws:kms:x:1:key/l" }
}

run "two_zones_thirty_days_and_a_replica" {
  command = apply

  assert {
    condition     = aws_db_instance.primary.multi_az && aws_db_instance.primary.backup_retention_period == 30 && length(aws_db_instance.replica) == 1
    error_message = "Two zones, thirty days, one replica."
  }

  assert {
    condition     = aws_db_instance.primary.password == null && aws_db_instance.primary.manage_master_user_password
    error_message = "RDS makes the password; Terraform does not know it."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.clients.referenced_security_group_id == "sg"
    error_message = "Only pods connect."
  }
}

run "backups_of_a_week_are_refused" {
  command = plan

  variables {
    backup_days = 7
  }

  expect_failures = [var.backup_days]
}

run "another_kind_of_machine_is_refused" {
  command = plan

  variables {
    instance_class = "db.t3.micro"
  }

  expect_failures = [var.instance_class]
}

run "another_version_is_refused" {
  command = plan

  variables {
    engine_version = "14.9"
  }

  expect_failures = [var.engine_version]
}
