locals {
  before_nodes = {
    "eks-pod-identity-agent" = null
    "kube-proxy"             = null
    # Without this the network policies of deploy/kubernetes are accepted and not enforced.
    "vpc-cni" = jsonencode({ enableNetworkPolicy = "true", env = { ENABLE_PREFIX_DELEGATION = "true" } })
  }

  service_accounts = {
    "vpc-cni"            = { account = "aws-node", policy = "AmazonEKS_CNI_Policy" }
    "aws-ebs-csi-driver" = { account = "ebs-csi-controller-sa", policy = "service-role/AmazonEBSCSIDriverPolicy" }
  }
}

# The version that EKS names as the default for this Kubernetes, so both move together and only with kubernetes_version.
data "aws_eks_addon_version" "this" {
  for_each = toset(concat(keys(local.before_nodes), ["aws-ebs-csi-driver", "coredns", "metrics-server"]))

  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}

data "aws_iam_policy_document" "addon_trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "addon" {
  for_each = local.service_accounts

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.addon_trust.json

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = local.service_accounts

  role       = aws_iam_role.addon[each.key].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/${each.value.policy}"
}

data "aws_iam_policy_document" "volumes" {
  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"]
    resources = [var.key_arn]
  }

  statement {
    actions   = ["kms:CreateGrant"]
    resources = [var.key_arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role_policy" "volumes" {
  name   = "encrypted-volumes"
  role   = aws_iam_role.addon["aws-ebs-csi-driver"].id
  policy = data.aws_iam_policy_document.volumes.json
}

resource "aws_eks_addon" "before_nodes" {
  for_each = local.before_nodes

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = data.aws_eks_addon_version.this[each.key].version
  configuration_values        = each.value
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.service_accounts), each.key) ? [local.service_accounts[each.key]] : []

    content {
      service_account = pod_identity_association.value.account
      role_arn        = aws_iam_role.addon[each.key].arn
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_eks_addon" "on_nodes" {
  for_each = toset(["aws-ebs-csi-driver", "coredns", "metrics-server"])

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = data.aws_eks_addon_version.this[each.key].version
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.service_accounts), each.key) ? [local.service_accounts[each.key]] : []

    content {
      service_account = pod_identity_association.value.account
      role_arn        = aws_iam_role.addon[each.key].arn
    }
  }

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_eks_node_group.this]
}
