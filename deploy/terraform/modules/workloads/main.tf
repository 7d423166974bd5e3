data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  policies = {
    "autoscaler"    = data.aws_iam_policy_document.autoscaler.json
    "backups"       = data.aws_iam_policy_document.backups.json
    "load-balancer" = data.aws_iam_policy_document.load_balancer.json
    "secrets"       = data.aws_iam_policy_document.secrets.json
  }
}

module "identity" {
  source   = "../workload-identity"
  for_each = var.service_accounts

  name              = "${var.name}-${each.key}"
  identity_provider = var.cluster.identity_provider
  namespace         = each.value.namespace
  service_account   = each.value.account
  policy            = local.policies[each.key]
}
