locals {
  # CloudFront, its certificate, firewall and logs, the budget and Route 53's metrics live here; so does everything else.
  region         = "us-east-1"
  standby_region = "us-west-2"
  tags           = { Project = "emporium", Environment = "production", Owner = var.owner, ManagedBy = "terraform" }
}

provider "aws" {
  region              = local.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "standby"
  region              = local.standby_region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
