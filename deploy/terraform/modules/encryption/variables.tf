variable "name" {
  description = "Prefix of the key aliases."
  type        = string
}

variable "deletion_days" {
  description = "How long a deleted key can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_days >= 14 && var.deletion_days <= 30
    error_message = "Between 14 and 30 days: what a lost key encrypted is lost."
  }
}
