variable "name" {
  description = "Prefix of the alarms."
  type        = string
}

variable "key_arn" {
  description = "KMS key of the topic."
  type        = string
}

variable "emails" {
  description = "Who is told. Each address gets a mail it has to confirm."
  type        = set(string)

  validation {
    condition     = length(var.emails) > 0 && alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Give at least one mail address: an alarm nobody hears is none."
  }
}

variable "alarms" {
  description = "What is watched: above the limit for so many periods in a row is an alarm."
  type = map(object({
    description = string
    namespace   = string
    metric      = string
    statistic   = string
    dimensions  = map(string)
    limit       = number
    below       = optional(bool, false)
    period      = optional(number, 60)
    periods     = optional(number, 5)
  }))
}
