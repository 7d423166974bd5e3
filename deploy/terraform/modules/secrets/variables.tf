variable "prefix" {
  description = "What the secrets' names begin with."
  type        = string
}

variable "names" {
  description = "Secrets that External Secrets reads. Their values are entered by people or by RDS, never by Terraform."
  type        = set(string)
}

variable "key_arn" {
  description = "KMS key of the secrets."
  type        = string
}

variable "copy_region" {
  description = "Region that gets a copy. Null: none."
  type = object({
    region  = string
    key_arn = string
  })
  default = null
}
