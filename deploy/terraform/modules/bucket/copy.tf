data "aws_iam_policy_document" "copy_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}

data "aws_iam_policy_document" "copy" {
  count = var.copy_to == null ? 0 : 1

  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [aws_s3_bucket.this.arn]
  }

  statement {
    actions   = ["s3:GetObjectRetention", "s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
    resources = ["${aws_s3_bucket.this.arn}/*"]
  }

  statement {
    actions   = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
    resources = ["${var.copy_to.bucket_arn}/*"]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [var.key_arn]
  }

  statement {
    actions   = ["kms:Encrypt", "kms:GenerateDataKey"]
    resources = [var.copy_to.key_arn]
  }
}

resource "aws_iam_role" "copy" {
  count = var.copy_to == null ? 0 : 1

  name               = "${var.name}-copy"
  assume_role_policy = data.aws_iam_policy_document.copy_trust.json

  tags = { Name = "${var.name}-copy" }
}

resource "aws_iam_role_policy" "copy" {
  count = var.copy_to == null ? 0 : 1

  name   = "copy"
  role   = aws_iam_role.copy[0].id
  policy = data.aws_iam_policy_document.copy[0].json
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count = var.copy_to == null ? 0 : 1

  bucket = aws_s3_bucket.this.id
  role   = aws_iam_role.copy[0].arn

  rule {
    id     = "other-region"
    status = "Enabled"

    filter {}

    # A deletion here must not be one there.
    delete_marker_replication {
      status = "Disabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = var.copy_to.bucket_arn
      storage_class = "STANDARD_IA"

      encryption_configuration {
        replica_kms_key_id = var.copy_to.key_arn
      }

      # Within 15 minutes, with a metric that says so.
      replication_time {
        status = "Enabled"
        time {
          minutes = 15
        }
      }

      metrics {
        status = "Enabled"
        event_threshold {
          minutes = 15
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
