output "distribution" {
  description = "What records and bucket policies need of it."
  value = {
    id          = aws_cloudfront_distribution.this.id
    arn         = aws_cloudfront_distribution.this.arn
    domain_name = aws_cloudfront_distribution.this.domain_name
    zone_id     = aws_cloudfront_distribution.this.hosted_zone_id
  }
}
