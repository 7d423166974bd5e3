# What the mocked provider answers where a made-up text would not do. The account is the one that AWS's own documents use.
mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { region = "us-east-1" }
}

mock_data "aws_route53_zone" {
  defaults = {
    zone_id = "Z0123456789EXAMPLE"
    arn     = "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE"
  }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    domain_validation_options = [
      { domain_name = "shop.example.com", resource_record_name = "_a", resource_record_type = "CNAME", resource_record_value = "a" },
      { domain_name = "origin.shop.example.com", resource_record_name = "_b", resource_record_type = "CNAME", resource_record_value = "b" },
      { domain_name = "staging.example.com", resource_record_name = "_e", resource_record_type = "CNAME", resource_record_value = "e" },
      { domain_name = "origin.staging.example.com", resource_record_name = "_f", resource_record_type = "CNAME", resource_record_value = "f" },
    ]
  }
}

mock_resource "aws_db_instance" {
  defaults = {
    master_user_secret = [{ kms_key_id = "key", secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds", secret_status = "active" }]
  }
}

mock_resource "aws_eks_cluster" {
  defaults = {
    arn      = "arn:aws:eks:us-east-1:123456789012:cluster/mocked"
    identity = [{ oidc = [{ issuer = "https://oidc.example.com/id/mocked" }] }]
  }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/mocked" }
}

mock_resource "aws_s3_bucket" {
  defaults = { arn = "arn:aws:s3:::mocked" }
}
