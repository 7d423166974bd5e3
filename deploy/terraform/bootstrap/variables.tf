variable "account_id" {
  description = "The AWS account that keeps the state. It belongs into TF_VAR_account_id."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Twelve digits."
  }
}

variable "organisation" {
  description = "What bucket names begin with, because they are shared by all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.organisation))
    error_message = "2 to 16 lower-case letters, digits and hyphens."
  }
}
