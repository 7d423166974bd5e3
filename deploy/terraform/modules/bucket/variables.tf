variable "name" {
  description = "Name of the bucket. Names are shared by all of AWS: put something of your own into it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "key_arn" {
  description = "KMS key of the objects. Null only for buckets that AWS writes to and that cannot take one: then S3's own keys."
  type        = string
  default     = null
}

variable "lifecycle_days" {
  description = "Days an object is hot, and after how many it is gone; in between it is cold. Null keeps current objects."
  type = object({
    hot  = optional(number, 30)
    gone = optional(number, 365)
  })
  default = {}

  validation {
    condition     = var.lifecycle_days == null ? true : var.lifecycle_days.hot >= 30
    error_message = "At least 30 days hot: a backup that is needed must not be thawed first."
  }

  validation {
    condition     = var.lifecycle_days == null ? true : var.lifecycle_days.gone >= var.lifecycle_days.hot + 90
    error_message = "At least 90 days cold: cold storage is billed for 90 days anyhow."
  }
}

variable "noncurrent_days" {
  description = "How long a replaced or deleted object can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 30
    error_message = "At least 30 days."
  }
}

variable "locked_days" {
  description = "Nobody can delete a new object for so many days, whatever was stolen. Null: no lock."
  type        = number
  default     = null
}

variable "log_bucket" {
  description = "Bucket that takes the access log. Null for the log bucket itself."
  type        = string
  default     = null
}

variable "copy_to" {
  description = "Bucket and key of the copy in another region. Null: no copy."
  type = object({
    bucket_arn = string
    key_arn    = string
  })
  default = null
}

variable "policy_documents" {
  description = "Further bucket policies, as JSON."
  type        = list(string)
  default     = []
}

variable "accepts_cdn_logs" {
  description = "CloudFront's classic logs are delivered by ACL and need ownership that takes them."
  type        = bool
  default     = false
}
