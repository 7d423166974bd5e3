variable "prefix" {
  description = "What the repositories' names begin with."
  type        = string
}

variable "images" {
  description = "One repository for each image."
  type        = set(string)

  validation {
    condition     = length(var.images) > 0
    error_message = "Name at least one image."
  }
}

variable "key_arn" {
  description = "KMS key of the images."
  type        = string
}

variable "copy_region" {
  description = "Region that gets a copy of every image. Null: none."
  type        = string
  default     = null
}
