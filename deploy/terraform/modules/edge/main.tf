data "aws_cloudfront_cache_policy" "this" {
  for_each = toset(["CachingDisabled", "CachingOptimized", "UseOriginCacheControlHeaders-QueryStrings"])

  name = "Managed-${each.key}"
}

data "aws_cloudfront_origin_request_policy" "everything" {
  name = "Managed-AllViewer"
}

locals {
  static_failover = length(var.static_buckets) > 1
  # Never kept at the edge: they are someone's own, or change something. The rest says by cache-control how long it may be.
  uncached = ["/v1/auth/*", "/v1/cart*", "/v1/orders*", "/v1/users/*", "/v1/admin/*", "/v1/webhooks/*", "/ready", "/health*"]
}

resource "aws_cloudfront_origin_access_control" "static" {
  name                              = "${var.name}-static"
  description                       = "Only this distribution reads the static files"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_374:the shop sells to every country; what may be sold where is for the order service
  # checkov:skip=CKV_AWS_305:pages come from the gateway, which answers / itself
  # checkov:skip=CKV_AWS_310:static files have a second origin where there is a second region; the API's origin fails over in DNS, because CloudFront repeats no POST
  # checkov:skip=CKV2_AWS_32:static files have the policy; the gateway sets its own security headers on every answer, and two would contradict each other
  # checkov:skip=CKV2_AWS_47:the firewall below has AWSManagedRulesKnownBadInputsRuleSet, which covers Log4j
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.price_class
  comment         = var.name
  aliases         = [var.domain]
  web_acl_id      = aws_wafv2_web_acl.this.arn

  origin {
    origin_id   = "gateway"
    domain_name = "origin.${var.domain}"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      # Every clean failure of the platform comes within 3 s.
      origin_read_timeout      = 10
      origin_keepalive_timeout = 60
    }
  }

  dynamic "origin" {
    for_each = var.static_buckets

    content {
      origin_id                = "static-${origin.key}"
      domain_name              = origin.value
      origin_access_control_id = aws_cloudfront_origin_access_control.static.id
    }
  }

  dynamic "origin_group" {
    for_each = local.static_failover ? [1] : []

    content {
      origin_id = "static"

      failover_criteria {
        status_codes = [500, 502, 503, 504]
      }

      member {
        origin_id = "static-first"
      }

      member {
        origin_id = "static-second"
      }
    }
  }

  default_cache_behavior {
    target_origin_id         = "gateway"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = true
    cache_policy_id          = data.aws_cloudfront_cache_policy.this["UseOriginCacheControlHeaders-QueryStrings"].id
    origin_request_policy_id = data.aws_cloudfront_origin_request_policy.everything.id
  }

  ordered_cache_behavior {
    path_pattern               = "/assets/*"
    target_origin_id           = local.static_failover ? "static" : "static-first"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.this["CachingOptimized"].id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.static.id
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.uncached

    content {
      path_pattern             = ordered_cache_behavior.value
      target_origin_id         = "gateway"
      viewer_protocol_policy   = "https-only"
      allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
      cached_methods           = ["GET", "HEAD"]
      compress                 = true
      cache_policy_id          = data.aws_cloudfront_cache_policy.this["CachingDisabled"].id
      origin_request_policy_id = data.aws_cloudfront_origin_request_policy.everything.id
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.this.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  logging_config {
    bucket          = var.log_bucket
    prefix          = "cdn/"
    include_cookies = false
  }

  tags = { Name = var.name }
}

resource "aws_cloudfront_response_headers_policy" "static" {
  name    = "${var.name}-static"
  comment = "Files with a hash in their name never change"

  custom_headers_config {
    items {
      header   = "cache-control"
      value    = "public, max-age=31536000, immutable"
      override = true
    }
  }

  security_headers_config {
    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = true
      preload                    = true
      override                   = true
    }

    content_security_policy {
      content_security_policy = "default-src 'none'; frame-ancestors 'none'"
      override                = true
    }
  }
}
