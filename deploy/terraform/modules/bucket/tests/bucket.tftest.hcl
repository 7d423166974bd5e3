mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name    = "example-bucket"
  key_arn = "arn:aws:kms:us-east-1:123456789012:key/mocked"
}

run "hot_then_cold_then_gone" {
  command = apply

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[2].transition).days == 30 && aws_s3_bucket_lifecycle_configuration.this.rule[2].expiration[0].days == 365
    error_message = "30 days hot, gone after a year."
  }

  assert {
    condition     = aws_s3_bucket.this.object_lock_enabled == false && length(aws_s3_bucket_replication_configuration.this) == 0
    error_message = "No lock and no copy unless asked for."
  }
}

run "a_copy_far_away" {
  command = apply

  variables {
    locked_days = 30
    copy_to     = { bucket_arn = "arn:aws:s3:::copy", key_arn = "arn:aws:kms:us-west-2:123456789012:key/copy" }
  }

  assert {
    condition     = aws_s3_bucket_replication_configuration.this[0].rule[0].delete_marker_replication[0].status == "Disabled"
    error_message = "What is deleted here stays there."
  }

  assert {
    condition     = aws_s3_bucket_replication_configuration.this[0].rule[0].destination[0].encryption_configuration[0].replica_kms_key_id == var.copy_to.key_arn
    error_message = "The copy is encrypted with the other region's key."
  }
}

run "a_week_hot_is_refused" {
  command = plan

  variables {
    lifecycle_days = { hot = 7, gone = 365 }
  }

  expect_failures = [var.lifecycle_days]
}

run "a_month_cold_is_refused" {
  command = plan

  variables {
    lifecycle_days = { hot = 30, gone = 60 }
  }

  expect_failures = [var.lifecycle_days]
}

run "forgetting_at_once_is_refused" {
  command = plan

  variables {
    noncurrent_days = 1
  }

  expect_failures = [var.noncurrent_days]
}
