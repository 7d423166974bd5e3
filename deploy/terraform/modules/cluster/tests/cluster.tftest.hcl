mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name               = "test"
  kubernetes_version = "1.35"
  private_subnets    = { a = "subnet-a", b = "subnet-b", c = "subnet-c" }
  key_arn            = "arn:aws:kms:us-east-1:123456789012:key/mocked"
  logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/mocked"
  administrators     = { operators = "arn:aws:iam::123456789012:role/operators" }
  node_groups = {
    database  = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 1, max = 2, per_zone = true, taint = "database" }
    on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 3, max = 6 }
    spot      = { capacity = "SPOT", instance_types = ["m7g.large", "m6g.large", "c7g.large"], min = 0, max = 6 }
  }
}

run "databases_have_a_group_in_each_zone" {
  command = apply

  assert {
    condition     = toset(keys(aws_eks_node_group.this)) == toset(["database-a", "database-b", "database-c", "on-demand", "spot"])
    error_message = "One group of database nodes in each zone."
  }

  assert {
    condition     = aws_eks_node_group.this["database-b"].subnet_ids == toset(["subnet-b"])
    error_message = "A zone's group stays in its zone, as its volumes do."
  }

  assert {
    condition     = one(aws_eks_node_group.this["database-a"].taint).value == "database" && length(aws_eks_node_group.this["on-demand"].taint) == 0
    error_message = "Only databases run on the databases' nodes."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access == false
    error_message = "Nobody reaches the API server from outside."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "Network policies are enforced."
  }
}

run "an_office_may_reach_the_api_server" {
  command = apply

  variables {
    public_access_cidrs = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "That office and nobody else."
  }
}

run "the_internet_may_not" {
  command = plan

  variables {
    public_access_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.public_access_cidrs]
}

run "databases_on_spot_are_refused" {
  command = plan

  variables {
    node_groups = {
      on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 3, max = 6 }
      database  = { capacity = "SPOT", instance_types = ["m7g.large", "m6g.large", "c7g.large"], min = 1, max = 1, per_zone = true }
    }
  }

  expect_failures = [var.node_groups]
}

run "only_spot_is_refused" {
  command = plan

  variables {
    node_groups = { spot = { capacity = "SPOT", instance_types = ["m7g.large", "m6g.large", "c7g.large"], min = 3, max = 6 } }
  }

  expect_failures = [var.node_groups]
}

run "spot_of_one_type_is_refused" {
  command = plan

  variables {
    node_groups = {
      on-demand = { capacity = "ON_DEMAND", instance_types = ["m7g.large"], min = 3, max = 6 }
      spot      = { capacity = "SPOT", instance_types = ["m7g.large"], min = 0, max = 6 }
    }
  }

  expect_failures = [var.node_groups]
}

run "nobody_to_administer_is_refused" {
  command = plan

  variables {
    administrators = {}
  }

  expect_failures = [var.administrators]
}

run "an_old_kubernetes_is_refused" {
  command = plan

  variables {
    kubernetes_version = "1.28"
  }

  expect_failures = [var.kubernetes_version]
}
