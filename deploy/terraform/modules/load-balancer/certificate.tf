resource "aws_acm_certificate" "this" {
  domain_name               = var.domain
  subject_alternative_names = ["origin.${var.domain}"]
  validation_method         = "DNS"

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  names = toset([var.domain, "origin.${var.domain}"])
  proof = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }
}

resource "aws_route53_record" "proof" {
  for_each = local.names

  zone_id         = var.zone_id
  name            = local.proof[each.key].resource_record_name
  type            = local.proof[each.key].resource_record_type
  records         = [local.proof[each.key].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}
