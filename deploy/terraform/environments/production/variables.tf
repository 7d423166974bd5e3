variable "account_id" {
  description = "The AWS account of this environment; nothing is changed in any other. No default: it belongs into TF_VAR_account_id."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Twelve digits."
  }
}

variable "owner" {
  description = "Team that answers for the costs, as a tag."
  type        = string
  default     = "shop"
}

variable "organisation" {
  description = "What bucket names begin with, because they are shared by all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.organisation))
    error_message = "2 to 16 lower-case letters, digits and hyphens."
  }
}

variable "zone_name" {
  description = "Route 53 zone that exists already, such as example.com."
  type        = string
}

variable "administrators" {
  description = "ARNs of IAM roles that administer the cluster."
  type        = map(string)
}

variable "public_access_cidrs" {
  description = "From where the API server is reached over the internet. Empty: only from inside the network."
  type        = list(string)
  default     = []
}

variable "alarm_emails" {
  description = "Who is told of alarms and costs."
  type        = set(string)
}

variable "cache_password" {
  description = "Password of the services at the cache. It belongs into TF_VAR_cache_password; Terraform does not keep it."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes."
  type        = string
  default     = "1.35"
}

variable "postgres_mode" {
  description = "cloudnative-pg or rds."
  type        = string
  default     = "cloudnative-pg"
}

variable "monthly_usd" {
  description = "What a month may cost."
  type        = number
  default     = 11000
}

variable "managed_cache" {
  description = "ElastiCache, or Redis in the cluster as the overlays of deploy/kubernetes have it."
  type        = bool
  default     = true
}
