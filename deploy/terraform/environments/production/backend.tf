# Bucket, region and key of the state come from `bootstrap`: terraform init -backend-config=backend.hcl
# S3 itself holds the lock, as an object that only one can create: two people cannot apply at once.
terraform {
  backend "s3" {
    key          = "emporium/production.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
