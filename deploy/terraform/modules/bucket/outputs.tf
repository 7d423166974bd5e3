output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "domain_name" {
  description = "Regional name, for CloudFront and access logs."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}
