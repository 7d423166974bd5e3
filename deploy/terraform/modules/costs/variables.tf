variable "name" {
  description = "Name of the budget."
  type        = string
}

variable "environment" {
  description = "Value of the tag Environment whose costs are counted. The tag must be activated for cost allocation once."
  type        = string
}

variable "monthly_usd" {
  description = "What a month may cost, in US dollars."
  type        = number

  validation {
    condition     = var.monthly_usd > 0
    error_message = "More than nothing."
  }
}

variable "anomaly_usd" {
  description = "A day that costs so much more than expected is reported."
  type        = number
  default     = 100
}

variable "topic_arn" {
  description = "Topic that hears of it, in us-east-1."
  type        = string
}
