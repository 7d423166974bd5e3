variable "name" {
  description = "Prefix of the roles."
  type        = string
}

variable "cluster" {
  description = "Name and ARN of the cluster."
  type = object({
    name = string
    arn  = string
  })
}

variable "service_accounts" {
  description = "Namespace and service account of each workload that talks to AWS."
  type = map(object({
    namespace = string
    account   = string
  }))
  default = {
    "backup"             = { namespace = "emporium", account = "postgres" }
    "certificates"       = { namespace = "cert-manager", account = "cert-manager" }
    "cluster-autoscaler" = { namespace = "kube-system", account = "cluster-autoscaler" }
    "external-secrets"   = { namespace = "external-secrets", account = "external-secrets" }
    "load-balancer"      = { namespace = "kube-system", account = "aws-load-balancer-controller" }
  }

  validation {
    condition     = toset(keys(var.service_accounts)) == toset(["backup", "certificates", "cluster-autoscaler", "external-secrets", "load-balancer"])
    error_message = "Name exactly backup, certificates, cluster-autoscaler, external-secrets and load-balancer."
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

variable "zone_arn" {
  description = "Route 53 zone in which cert-manager answers challenges."
  type        = string
}

variable "target_group_arn" {
  description = "Target group in which the load balancer controller enters pods."
  type        = string
}
