variable "name" {
  description = "Name of the distribution."
  type        = string
}

variable "domain" {
  description = "Name of the shop."
  type        = string
}

variable "zone_id" {
  description = "Route 53 zone that proves the domain."
  type        = string
}

variable "static_buckets" {
  description = "Regional names of the buckets with static files: first, and where there is a second region, second, which is asked when the first fails."
  type        = map(string)

  validation {
    condition     = contains(keys(var.static_buckets), "first") && length(setsubtract(keys(var.static_buckets), ["first", "second"])) == 0
    error_message = "Give first, and at most second beside it."
  }
}

variable "log_bucket" {
  description = "Regional name of the bucket of the access logs."
  type        = string
}

variable "logs_key_arn" {
  description = "KMS key of the web firewall's log group, in us-east-1."
  type        = string
}

variable "requests_per_five_minutes" {
  description = "More than this from one address is refused at the edge; the gateway has finer limits."
  type        = number
  default     = 3000

  validation {
    condition     = var.requests_per_five_minutes >= 100 && var.requests_per_five_minutes <= 20000
    error_message = "100 to 20,000."
  }
}

variable "price_class" {
  description = "Where CloudFront answers from: PriceClass_All everywhere, PriceClass_100 North America and Europe."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}
