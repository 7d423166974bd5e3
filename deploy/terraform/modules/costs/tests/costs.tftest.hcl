mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name        = "test"
  environment = "staging"
  monthly_usd = 1000
  topic_arn   = "arn:aws:sns:us-east-1:123456789012:alarms"
}

run "costs_of_this_environment_are_counted" {
  command = apply

  assert {
    condition     = one(aws_budgets_budget.month.cost_filter).values == tolist(["user:Environment$staging"])
    error_message = "The tag as the budget knows it."
  }

  assert {
    condition     = length(aws_budgets_budget.month.notification) == 4
    error_message = "At half, at most of it, at all of it, and when all of it is to be expected."
  }
}

run "a_budget_of_nothing_is_refused" {
  command = plan

  variables {
    monthly_usd = 0
  }

  expect_failures = [var.monthly_usd]
}
