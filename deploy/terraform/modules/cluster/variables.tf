variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "Minor version of Kubernetes. Take one that EKS still supports without surcharge."
  type        = string

  validation {
    condition     = can(regex("^1\\.(3[3-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "1.33 or newer; the manifests are tested against 1.33."
  }
}

variable "private_subnets" {
  description = "Subnet of each zone for nodes and pods."
  type        = map(string)

  validation {
    condition     = length(var.private_subnets) == 3
    error_message = "One subnet in each of three zones."
  }
}

variable "key_arn" {
  description = "KMS key of Kubernetes Secrets and of the nodes' volumes."
  type        = string
}

variable "logs_key_arn" {
  description = "KMS key of the control plane's log group."
  type        = string
}

variable "log_days" {
  description = "How long the control plane's log, the audit log among it, is kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([365, 400, 545, 731], var.log_days)
    error_message = "365, 400, 545 or 731 days."
  }
}

variable "public_access_cidrs" {
  description = "From where the API server is reached over the internet. Empty: only from inside the network."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 24])
    error_message = "Only ranges of /24 and smaller: an office or a VPN, not the internet."
  }
}

variable "administrators" {
  description = "ARNs of IAM roles that administer the cluster. Nobody else may, the one who made it included."
  type        = map(string)

  validation {
    condition     = length(var.administrators) > 0
    error_message = "Name at least one role, or nobody can get in."
  }
}

variable "node_groups" {
  description = "Groups of nodes. per_zone makes one group in each zone, for pods whose volume cannot leave its zone; the sizes are then per zone."
  type = map(object({
    capacity       = string
    instance_types = list(string)
    min            = number
    max            = number
    per_zone       = optional(bool, false)
    disk_gib       = optional(number, 100)
    taint          = optional(string)
  }))

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity)])
    error_message = "capacity is ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.min >= 0 && group.max >= max(group.min, 1)])
    error_message = "max must be at least min, and at least 1."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.capacity == "ON_DEMAND" || length(group.instance_types) >= 3])
    error_message = "A spot group needs three instance types or more: one of them is always taken."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : !(group.per_zone && group.capacity == "SPOT")])
    error_message = "Groups with volumes are on demand: a spot node is taken away with two minutes' notice."
  }

  validation {
    condition     = anytrue([for group in var.node_groups : group.capacity == "ON_DEMAND" && group.taint == null])
    error_message = "One on-demand group without a taint is needed, for payments and for the cluster's own pods."
  }
}
