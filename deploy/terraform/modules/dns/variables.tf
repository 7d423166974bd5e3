variable "name" {
  description = "Prefix of the health checks' names."
  type        = string
}

variable "domain" {
  description = "Name of the shop."
  type        = string
}

variable "zone_id" {
  description = "Route 53 zone of that name."
  type        = string
}

variable "distribution" {
  description = "The CDN that answers for the shop."
  type = object({
    domain_name = string
    zone_id     = string
  })
}

variable "origins" {
  description = "Load balancers behind the CDN by role: primary, and secondary where there is a second region."
  type = map(object({
    dns_name  = string
    zone_id   = string
    addresses = map(string)
  }))

  validation {
    condition     = contains(keys(var.origins), "primary") && length(setsubtract(keys(var.origins), ["primary", "secondary"])) == 0
    error_message = "Give primary, and at most secondary beside it."
  }
}

variable "alarm_topic_arn" {
  description = "Topic in us-east-1, where Route 53 keeps its metrics, that hears of a failed health check."
  type        = string
}
