mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name             = "test"
  cluster          = { name = "test", arn = "arn:aws:eks:us-east-1:123456789012:cluster/test" }
  backup_bucket    = { arn = "arn:aws:s3:::backups", key_arn = "arn:aws:kms:us-east-1:123456789012:key/backups" }
  secrets          = { arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:order"], key_arn = "arn:aws:kms:us-east-1:123456789012:key/secrets" }
  zone_arn         = "arn:aws:route53:::hostedzone/Z"
  target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/test/1"
}

run "each_workload_gets_its_own" {
  command = apply

  assert {
    condition     = length(output.roles) == 5
    error_message = "A role for each of the five."
  }

  assert {
    condition     = data.aws_iam_policy_document.external_secrets.statement[0].resources == toset(var.secrets.arns)
    error_message = "These secrets and no others."
  }

  assert {
    condition     = !contains(flatten([for statement in data.aws_iam_policy_document.backup.statement : tolist(statement.actions)]), "s3:DeleteObjectVersion")
    error_message = "A stolen backup role destroys no version."
  }
}

run "a_forgotten_service_account_is_refused" {
  command = plan

  variables {
    service_accounts = { backup = { namespace = "emporium", account = "postgres" } }
  }

  expect_failures = [var.service_accounts]
}
