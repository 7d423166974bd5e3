variable "name" {
  description = "Name of the server."
  type        = string
}

variable "database" {
  description = "Name of its one database, as the service knows it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z_]+_db$", var.database))
    error_message = "A name like order_db."
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

variable "engine_version" {
  description = "PostgreSQL version. The services are tested on 17."
  type        = string
  default     = "17.6"

  validation {
    condition     = startswith(var.engine_version, "17.")
    error_message = "A version of PostgreSQL 17."
  }
}

variable "instance_class" {
  description = "Size of the server and of its replica."
  type        = string

  validation {
    condition     = startswith(var.instance_class, "db.m7g.")
    error_message = "A db.m7g class: the prices and the plan of docs/capacity.md are for m7g."
  }
}

variable "storage_gib" {
  description = "Disk at first, and how far it may grow by itself."
  type = object({
    first = number
    most  = number
  })

  validation {
    condition     = var.storage_gib.first >= 20 && var.storage_gib.most >= var.storage_gib.first
    error_message = "At least 20 GiB, and not less at the end than at first."
  }
}

variable "backup_days" {
  description = "How far back one can go, to any second."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_days >= 30 && var.backup_days <= 35
    error_message = "30 to 35 days: less is too little for the shop, more RDS cannot."
  }
}

variable "replicas" {
  description = "Servers for reads that may be stale."
  type        = number
  default     = 1

  validation {
    condition     = var.replicas >= 0 && var.replicas <= 5
    error_message = "0 to 5."
  }
}

variable "keys" {
  description = "KMS keys of the data, of the password and of the logs."
  type = object({
    data    = string
    secrets = string
    logs    = string
  })
}
