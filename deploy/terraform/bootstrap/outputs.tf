output "backend" {
  description = "Content of backend.hcl."
  value       = "bucket = \"${module.state.name}\"\nregion = \"us-east-1\"\nkms_key_id = \"${module.encryption.keys.secrets}\""
}
