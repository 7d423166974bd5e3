data "aws_partition" "this" {}

locals {
  spread = merge([
    for name, group in var.node_groups : group.per_zone
    ? { for zone, subnet in var.private_subnets : "${name}-${zone}" => merge(group, { group = name, subnets = [subnet] }) }
    : { (name) = merge(group, { group = name, subnets = values(var.private_subnets) }) }
  ]...)

  node_policies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"]
}

data "aws_iam_policy_document" "node_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# What every pod on a node could borrow, so it is only what a node needs to join and to pull images.
resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  assume_role_policy = data.aws_iam_policy_document.node_trust.json

  tags = { Name = "${var.name}-node" }
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(local.node_policies)

  role       = aws_iam_role.node.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/${each.key}"
}

resource "aws_launch_template" "node" {
  for_each = var.node_groups

  name = "${var.name}-${each.key}"

  # A hop limit of 1 keeps pods away from the node's own credentials.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.disk_gib
      encrypted             = true
      kms_key_id            = var.key_arn
      delete_on_termination = true
    }
  }

  monitoring {
    enabled = true
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-${each.key}" }
  }

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_eks_node_group" "this" {
  for_each = local.spread

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = each.value.subnets
  version         = var.kubernetes_version
  ami_type        = "AL2023_ARM_64_STANDARD"
  capacity_type   = each.value.capacity
  instance_types  = each.value.instance_types

  labels = {
    "emporium.example/nodes"    = each.value.group
    "emporium.example/capacity" = lower(replace(each.value.capacity, "_", "-"))
  }

  scaling_config {
    min_size     = each.value.min
    desired_size = each.value.min
    max_size     = each.value.max
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    enabled = true
  }

  launch_template {
    id      = aws_launch_template.node[each.value.group].id
    version = aws_launch_template.node[each.value.group].latest_version
  }

  dynamic "taint" {
    for_each = each.value.taint == null ? [] : [each.value.taint]

    content {
      key    = "emporium.example/nodes"
      value  = taint.value
      effect = "NO_SCHEDULE"
    }
  }

  tags = {
    Name                                        = "${var.name}-${each.key}"
    "k8s.io/cluster-autoscaler/enabled"         = "true"
    "k8s.io/cluster-autoscaler/${var.name}"     = "owned"
    "k8s.io/cluster-autoscaler/node-group-name" = each.value.group
  }

  # The autoscaler moves it.
  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_iam_role_policy_attachment.node, aws_eks_addon.before_nodes]
}
