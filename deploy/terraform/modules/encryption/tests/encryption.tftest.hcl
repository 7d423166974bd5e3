mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name = "test"
}

run "each_kind_of_data_has_a_key" {
  command = apply

  assert {
    condition     = toset(keys(output.keys)) == toset(["backups", "cluster", "data", "logs", "secrets", "static"])
    error_message = "Six kinds of data."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation && key.deletion_window_in_days == 30])
    error_message = "New material every year, and thirty days to think about a deletion."
  }
}

run "a_hasty_deletion_is_refused" {
  command = plan

  variables {
    deletion_days = 7
  }

  expect_failures = [var.deletion_days]
}
