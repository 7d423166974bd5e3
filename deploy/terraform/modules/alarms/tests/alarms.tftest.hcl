mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name    = "test"
  key_arn = "arn:aws:kms:us-east-1:123456789012:key/mocked"
  emails  = ["operations@example.com"]
  alarms = {
    full = { description = "Full. Runbook: x", namespace = "N", metric = "M", statistic = "Average", dimensions = {}, limit = 80 }
    low  = { description = "Low. Runbook: x", namespace = "N", metric = "M", statistic = "Minimum", dimensions = {}, limit = 10, below = true }
  }
}

run "alarms_look_the_right_way" {
  command = apply

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["full"].comparison_operator == "GreaterThanThreshold" && aws_cloudwatch_metric_alarm.this["low"].comparison_operator == "LessThanThreshold"
    error_message = "Too much of the one, too little of the other."
  }
}

run "alarms_for_nobody_are_refused" {
  command = plan

  variables {
    emails = []
  }

  expect_failures = [var.emails]
}
