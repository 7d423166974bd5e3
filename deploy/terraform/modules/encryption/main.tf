data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  # One key for each kind of data, so that a role can be given one kind without the others.
  keys = {
    backups = { what = "Backups and their copies", services = [] }
    cluster = { what = "Kubernetes Secrets and node volumes", services = [] }
    data    = { what = "Managed databases and caches", services = [] }
    logs    = { what = "Log groups, flow logs and alarms", services = ["logs.${data.aws_region.this.region}.amazonaws.com", "cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"] }
    secrets = { what = "Secrets Manager", services = [] }
    static  = { what = "Files behind the CDN, and container images", services = ["cloudfront.amazonaws.com"] }
  }

  use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
  administer = [
    "kms:CancelKeyDeletion", "kms:CreateGrant", "kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy",
    "kms:RetireGrant", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
  ]
}

data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109:a key policy is attached to its one key, which `*` means there
  # checkov:skip=CKV_AWS_111:the `*` of a key policy is its one key
  # checkov:skip=CKV_AWS_356:the `*` of a key policy is its one key
  for_each = local.keys

  statement {
    sid       = "IamPoliciesOfThisAccountDecide"
    actions   = concat(local.use, local.administer)
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.this.account_id}:root"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.services) > 0 ? [each.value.services] : []

    content {
      sid       = "ServicesOfThisAccount"
      actions   = local.use
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = statement.value
      }

      # CloudWatch Logs names itself by an encryption context and not by a source account.
      dynamic "condition" {
        for_each = each.key == "logs" ? [] : [1]

        content {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = [data.aws_caller_identity.this.account_id]
        }
      }
    }
  }
}

resource "aws_kms_key" "this" {
  for_each = local.keys

  description             = "${var.name}: ${each.value.what}"
  deletion_window_in_days = var.deletion_days
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key[each.key].json

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_kms_alias" "this" {
  for_each = aws_kms_key.this

  name          = "alias/${var.name}-${each.key}"
  target_key_id = each.value.key_id
}
