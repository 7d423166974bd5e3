variable "name" {
  description = "Prefix of the roles."
  type        = string
}

variable "cluster" {
  description = "Name, ARN and identity provider of the cluster."
  type = object({
    name              = string
    arn               = string
    identity_provider = object({ arn = string, issuer = string })
  })
}

variable "service_accounts" {
  description = "Namespace and service account of each workload that talks to AWS."
  type = map(object({
    namespace = string
    account   = string
  }))
  default = {
    "autoscaler"    = { namespace = "kube-system", account = "cluster-autoscaler" }
    "backups"       = { namespace = "emporium", account = "postgres" }
    "load-balancer" = { namespace = "kube-system", account = "aws-load-balancer-controller" }
    "secrets"       = { namespace = "emporium", account = "external-secrets" }
  }

  validation {
    condition     = toset(keys(var.service_accounts)) == toset(["autoscaler", "backups", "load-balancer", "secrets"])
    error_message = "Name exactly autoscaler, backups, load-balancer and secrets."
  }
}

variable "backup_bucket" {
  description = "Bucket of the backups and its key."
  type = object({
    arn     = string
    key_arn = string
  })
}

variable "secrets" {
  description = "ARNs of the secrets that External Secrets reads, and their key."
  type = object({
    arns    = list(string)
    key_arn = string
  })
}

variable "target_group_arn" {
  description = "Target group in which the load balancer controller enters pods."
  type        = string
}
