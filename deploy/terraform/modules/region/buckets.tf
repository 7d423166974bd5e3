data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "AccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${var.bucket_prefix}-${var.name}-logs/*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }

  statement {
    sid       = "OwnershipOfTheBucket"
    actions   = ["s3:GetBucketAcl"]
    resources = ["arn:aws:s3:::${var.bucket_prefix}-${var.name}-logs"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}

module "logs" {
  source = "../bucket"

  name             = "${var.bucket_prefix}-${var.name}-logs"
  accepts_cdn_logs = true
  policy_documents = [data.aws_iam_policy_document.logs.json]
}

module "backups" {
  source = "../bucket"

  name           = "${var.bucket_prefix}-${var.name}-backups"
  key_arn        = module.encryption.keys.backups
  lifecycle_days = var.backup_days
  locked_days    = 30
  log_bucket     = module.logs.name
  copy_to        = var.copy_to == null ? null : var.copy_to.backup_bucket
}

data "aws_iam_policy_document" "static" {
  statement {
    sid       = "OnlyTheCdn"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${var.bucket_prefix}-${var.name}-static/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [var.distribution_arn]
    }
  }
}

module "static" {
  source = "../bucket"

  name             = "${var.bucket_prefix}-${var.name}-static"
  key_arn          = module.encryption.keys.static
  lifecycle_days   = null
  log_bucket       = module.logs.name
  copy_to          = var.copy_to == null ? null : var.copy_to.static_bucket
  policy_documents = [data.aws_iam_policy_document.static.json]
}
