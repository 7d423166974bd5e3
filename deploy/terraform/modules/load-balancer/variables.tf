variable "name" {
  description = "Name of the load balancer."
  type        = string

  validation {
    condition     = length(var.name) <= 32
    error_message = "At most 32 characters."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Public subnet of each of three zones."
  type        = map(string)

  validation {
    condition     = length(var.subnets) == 3
    error_message = "One subnet in each of three zones."
  }
}

variable "pods_security_group_id" {
  description = "Security group of nodes and pods, which gets a rule for the load balancer."
  type        = string
}

variable "domain" {
  description = "Name of the shop; the certificate is for it and for the origin name below it."
  type        = string
}

variable "zone_id" {
  description = "Route 53 zone that proves the domain."
  type        = string
}

variable "pod_port" {
  description = "Port on which the cluster's ingress speaks TLS."
  type        = number
  default     = 8443

  validation {
    condition     = var.pod_port > 1024 && var.pod_port < 65536
    error_message = "A port above 1024: pods are not root."
  }
}

variable "log_bucket" {
  description = "Bucket of the access logs."
  type        = string
}
