resource "aws_acm_certificate" "this" {
  domain_name       = var.domain
  validation_method = "DNS"

  tags = { Name = "${var.name}-cdn" }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  proof = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }
}

resource "aws_route53_record" "proof" {
  zone_id         = var.zone_id
  name            = local.proof[var.domain].resource_record_name
  type            = local.proof[var.domain].resource_record_type
  records         = [local.proof[var.domain].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [aws_route53_record.proof.fqdn]
}
