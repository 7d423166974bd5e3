resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57:signing keys and provider keys are changed by the runbook, with old and new valid for a while; no function of AWS can do that
  for_each = var.names

  name                    = "${var.prefix}/${each.key}"
  description             = "Read by External Secrets for ${each.key}"
  kms_key_id              = var.key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.copy_region == null ? [] : [var.copy_region]

    content {
      region     = replica.value.region
      kms_key_id = replica.value.key_arn
    }
  }

  tags = { Name = "${var.prefix}-${each.key}" }
}
