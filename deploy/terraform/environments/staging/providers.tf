locals {
  # CloudFront, its certificate, firewall and logs, the budget and Route 53's metrics live here; so does everything else.
  region = "us-east-1"
  tags   = { Project = "emporium", Environment = "staging", Owner = var.owner, ManagedBy = "terraform" }
}

provider "aws" {
  region              = local.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
