mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name             = "test"
  cluster          = { name = "test", arn = "arn:aws:eks:us-east-1:123456789012:cluster/test", identity_provider = { arn = "arn:aws:iam::123456789012:oidc-provider/oidc.example", issuer = "oidc.example" } }
  backup_bucket    = { arn = "arn:aws:s3:::backups", key_arn = "arn:aws:kms:us-east-1:123456789012:key/backups" }
  secrets          = { arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:order"], key_arn = "arn:aws:kms:us-east-1:123456789012:key/secrets" }
  target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/test/1"
}

run "each_workload_gets_its_own" {
  command = apply

  assert {
    condition     = length(output.roles) == 4
    error_message = "A role for each of the four."
  }

  assert {
    condition     = data.aws_iam_policy_document.secrets.statement[0].resources == toset(var.secrets.arns)
    error_message = "These secrets and no others."
  }

  assert {
    condition     = !contains(flatten([for statement in data.aws_iam_policy_document.backups.statement : tolist(statement.actions)]), "s3:DeleteObjectVersion")
    error_message = "A stolen backup role destroys no version."
  }
}

run "a_forgotten_service_account_is_refused" {
  command = plan

  variables {
    service_accounts = { backups = { namespace = "emporium", account = "postgres" } }
  }

  expect_failures = [var.service_accounts]
}
