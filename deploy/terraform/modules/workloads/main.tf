data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  policies = {
    "backup"             = data.aws_iam_policy_document.backup.json
    "certificates"       = data.aws_iam_policy_document.certificates.json
    "cluster-autoscaler" = data.aws_iam_policy_document.autoscaler.json
    "external-secrets"   = data.aws_iam_policy_document.external_secrets.json
    "load-balancer"      = data.aws_iam_policy_document.load_balancer.json
  }
}

module "identity" {
  source   = "../workload-identity"
  for_each = var.service_accounts

  name            = "${var.name}-${each.key}"
  cluster         = var.cluster
  namespace       = each.value.namespace
  service_account = each.value.account
  policy          = local.policies[each.key]
}
