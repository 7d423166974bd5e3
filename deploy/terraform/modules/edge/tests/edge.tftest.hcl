mock_provider "aws" {
  source = "../../mocks"
}

variables {
  name           = "test"
  domain         = "shop.example.com"
  zone_id        = "Z"
  log_bucket     = "logs.example"
  logs_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/mocked"
  static_buckets = { first = "one.example", second = "two.example" }
}

run "purchases_are_never_kept_at_the_edge" {
  command = apply

  assert {
    condition = alltrue([
      for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior :
      behavior.cache_policy_id == data.aws_cloudfront_cache_policy.this["CachingDisabled"].id if behavior.path_pattern != "/assets/*"
    ])
    error_message = "What is someone's own is not kept."
  }

  assert {
    condition     = contains(aws_cloudfront_distribution.this.ordered_cache_behavior.*.path_pattern, "/v1/orders*")
    error_message = "Orders are among it."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.ordered_cache_behavior[0].target_origin_id == "static"
    error_message = "Static files come from either bucket."
  }

  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 4
    error_message = "One limit and three groups of rules."
  }
}

run "one_region_has_one_bucket" {
  command = apply

  variables {
    static_buckets = { first = "one.example" }
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this.origin_group) == 0 && aws_cloudfront_distribution.this.ordered_cache_behavior[0].target_origin_id == "static-first"
    error_message = "Nothing to fail over to."
  }
}

run "a_third_bucket_is_refused" {
  command = plan

  variables {
    static_buckets = { first = "one.example", third = "three.example" }
  }

  expect_failures = [var.static_buckets]
}

run "no_limit_is_refused" {
  command = plan

  variables {
    requests_per_five_minutes = 1000000
  }

  expect_failures = [var.requests_per_five_minutes]
}
