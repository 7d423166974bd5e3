variable "name" {
  description = "Name of the role."
  type        = string
}

variable "identity_provider" {
  description = "OpenID Connect provider of the cluster: its ARN, and its address without https://."
  type = object({
    arn    = string
    issuer = string
  })
}

variable "namespace" {
  description = "Kubernetes namespace of the service account."
  type        = string
}

variable "service_account" {
  description = "The one service account whose pods get the role."
  type        = string
}

variable "policy" {
  description = "What the role may do, as JSON."
  type        = string
}
