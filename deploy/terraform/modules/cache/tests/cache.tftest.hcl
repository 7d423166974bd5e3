mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name                     = "test"
  vpc_id                   = "vpc"
  subnet_ids               = ["a", "b", "c"]
  client_security_group_id = "sg"
  node_type                = "cache.m7g.large"
  password                 = "a-password-of-this-test-and-no-other"
  keys                     = { data = "arn:aws:kms:x:1:key/d", logs = "arn:aws:kms:x:1:key/l" }
}

run "something_can_take_over" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "A second node, and it takes over by itself."
  }

  assert {
    condition     = one([for parameter in aws_elasticache_parameter_group.this.parameter : parameter.value if parameter.name == "maxmemory-policy"]) == "noeviction"
    error_message = "Streams are not dropped."
  }

  assert {
    condition     = output.members == ["test-001", "test-002"]
    error_message = "Alarms name the nodes as ElastiCache does."
  }
}

run "no_replica_is_refused" {
  command = plan

  variables {
    replicas = 0
  }

  expect_failures = [var.replicas]
}

run "a_short_password_is_refused" {
  command = plan

  variables {
    password = "short"
  }

  expect_failures = [var.password]
}
