variable "name" {
  description = "Name of the cache."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name)) && !endswith(var.name, "-")
    error_message = "At most 40 lower-case letters, digits and hyphens."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Data subnets in three zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) == 3
    error_message = "One subnet in each of three zones."
  }
}

variable "client_security_group_id" {
  description = "Security group of those who may connect: nodes and pods."
  type        = string
}

variable "node_type" {
  description = "Size of a node."
  type        = string

  validation {
    condition     = startswith(var.node_type, "cache.m7g.")
    error_message = "A cache.m7g type: the prices and the plan of docs/capacity.md are for m7g."
  }
}

variable "replicas" {
  description = "Copies in other zones that can take over."
  type        = number
  default     = 1

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 5
    error_message = "1 to 5: without a replica nothing takes over."
  }
}

variable "password" {
  description = "Password of the services, which Terraform passes on and does not keep."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(var.password) >= 32
    error_message = "At least 32 characters."
  }
}

variable "password_version" {
  description = "Count it up to set a new password."
  type        = number
  default     = 1
}

variable "keys" {
  description = "KMS keys of the data and of the logs."
  type = object({
    data = string
    logs = string
  })
}
