variable "name" {
  description = "Name of everything in this region; roles are shared by all regions of an account, so it differs from region to region."
  type        = string
}

variable "bucket_prefix" {
  description = "What bucket names begin with, because they are shared by all of AWS."
  type        = string
}

variable "network" {
  description = "Address range, its three zones by name, and one NAT gateway in each zone or a single one."
  type = object({
    cidr  = string
    zones = list(string)
    nat   = optional(string, "per-zone")
  })
}

variable "kubernetes" {
  description = "Version, who administers, from where the API server is reached, and the nodes."
  type = object({
    version             = string
    administrators      = map(string)
    public_access_cidrs = optional(list(string), [])
    node_groups = map(object({
      capacity       = string
      instance_types = list(string)
      min            = number
      max            = number
      per_zone       = optional(bool, false)
      disk_gib       = optional(number, 100)
      taint          = optional(string)
    }))
  })
}

variable "domain" {
  description = "Name of the shop, and its zone."
  type = object({
    name    = string
    zone_id = string
  })
}

variable "postgres" {
  description = "cloudnative-pg: in the cluster, with backups in the bucket. rds: a managed server for each service that has a database."
  type = object({
    mode           = optional(string, "cloudnative-pg")
    instance_class = optional(string, "db.m7g.large")
    storage_gib    = optional(object({ first = number, most = number }), { first = 100, most = 1000 })
    replicas       = optional(number, 1)
  })
  default = {}

  validation {
    condition     = contains(["cloudnative-pg", "rds"], var.postgres.mode)
    error_message = "cloudnative-pg or rds."
  }
}

variable "cache" {
  description = "Nodes of a managed cache. Null: Redis runs in the cluster."
  type = object({
    node_type        = string
    replicas         = optional(number, 1)
    password_version = optional(number, 1)
  })
  default = null
}

variable "cache_password" {
  description = "Password of the services at the cache."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "backup_days" {
  description = "Days a backup is hot, and after how many it is gone."
  type = object({
    hot  = number
    gone = number
  })
  default = { hot = 30, gone = 365 }
}

variable "copy_to" {
  description = "The other region: where backups, static files, images and secrets are copied to. Null: nowhere."
  type = object({
    region        = string
    backup_bucket = object({ bucket_arn = string, key_arn = string })
    static_bucket = object({ bucket_arn = string, key_arn = string })
    secrets_key   = string
  })
  default = null
}

variable "distribution_arn" {
  description = "The CDN that reads the static files."
  type        = string
}

variable "images" {
  description = "Images with a repository of their own. Empty where another region's are copied to."
  type        = set(string)
  default     = ["gateway", "user", "product", "order", "payment", "storefront"]
}

variable "secrets_prefix" {
  description = "What the secrets' names begin with, as the SecretStore of deploy/kubernetes knows it."
  type        = string
}

variable "secrets" {
  description = "Secrets that are entered here, those of deploy/kubernetes/components/external-secrets. Empty where another region's are copied to."
  type        = set(string)
  default = [
    "services/public-keys", "services/gateway", "services/user", "services/product", "services/order", "services/payment",
    "postgres/user-app", "postgres/user-owner", "postgres/product-app", "postgres/product-owner",
    "postgres/order-app", "postgres/order-owner", "postgres/payment-app", "postgres/payment-owner", "redis",
  ]
}

variable "copied_secrets" {
  description = "ARNs of secrets that were copied here, which External Secrets may read."
  type        = list(string)
  default     = []
}

variable "alarm_emails" {
  description = "Who is told."
  type        = set(string)
}
