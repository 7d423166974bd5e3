output "repositories" {
  description = "Address of each repository."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}
