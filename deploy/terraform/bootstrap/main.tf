# Made once, by hand, before everything else. Its own state is small and stays with whoever made it, or is moved into the bucket.
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { Project = "emporium", Environment = "shared", Owner = "shop", ManagedBy = "terraform" }
  }
}

module "encryption" {
  source = "../modules/encryption"

  name = "emporium-state"
}

module "logs" {
  source = "../modules/bucket"

  name             = "${var.organisation}-emporium-state-logs"
  policy_documents = [data.aws_iam_policy_document.logs.json]
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "AccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${var.organisation}-emporium-state-logs/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

# Old versions of the state can be brought back for a year.
module "state" {
  source = "../modules/bucket"

  name            = "${var.organisation}-emporium-state"
  key_arn         = module.encryption.keys.secrets
  lifecycle_days  = null
  noncurrent_days = 365
  log_bucket      = module.logs.name
}
