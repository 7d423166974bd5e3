data "aws_caller_identity" "this" {}

# What was built once is what runs in the other region, too.
resource "aws_ecr_replication_configuration" "this" {
  count = var.copy_region == null ? 0 : 1

  replication_configuration {
    rule {
      destination {
        region      = var.copy_region
        registry_id = data.aws_caller_identity.this.account_id
      }

      repository_filter {
        filter      = var.prefix
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}
