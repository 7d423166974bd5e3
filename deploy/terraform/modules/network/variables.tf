variable "name" {
  description = "Prefix of every name in this network."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,28}$", var.name))
    error_message = "Use 3 to 29 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "cidr" {
  description = "Address range of the network: a /16, of which each zone gets a /18 for nodes and pods."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && endswith(var.cidr, "/16")
    error_message = "The range must be a /16 such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "The three availability zones."
  type        = list(string)

  validation {
    condition     = length(var.zones) == 3 && length(distinct(var.zones)) == 3
    error_message = "Name three different zones: one may be lost."
  }
}

variable "nat" {
  description = "One NAT gateway in each zone, or a single one: a third of the price, and the way out for all is gone with its zone."
  type        = string
  default     = "per-zone"

  validation {
    condition     = contains(["per-zone", "single"], var.nat)
    error_message = "Choose per-zone or single."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached inside the network. Each costs by the hour and zone; what is left out goes through NAT."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "secretsmanager", "sts"]
}

variable "flow_log_days" {
  description = "How long records of connections are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([365, 400, 545, 731], var.flow_log_days)
    error_message = "CloudWatch knows 365, 400, 545 and 731 days; less than a year is too short for an investigation."
  }
}

variable "logs_key_arn" {
  description = "KMS key of the log group."
  type        = string
}
