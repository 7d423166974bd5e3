variable "name" {
  description = "Name of the role."
  type        = string
}

variable "cluster" {
  description = "Name and ARN of the cluster."
  type = object({
    name = string
    arn  = string
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
