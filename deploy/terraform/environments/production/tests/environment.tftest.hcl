mock_provider "aws" {
  source = "../../mocks"
}

mock_provider "aws" {
  alias  = "standby"
  source = "../../mocks"
}

variables {
  account_id     = "123456789012"
  organisation   = "example"
  zone_name      = "example.com"
  administrators = { operators = "arn:aws:iam::123456789012:role/operators" }
  alarm_emails   = ["operations@example.com"]
  cache_password = "a-password-of-this-test-and-no-other"
}

run "everything" {
  command = apply
}

run "managed_databases" {
  command = apply

  variables {
    postgres_mode = "rds"
  }

  assert {
    condition     = length(output.primary.databases) == 4
    error_message = "A server for each service that has a database."
  }
}
