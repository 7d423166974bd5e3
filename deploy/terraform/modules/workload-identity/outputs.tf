output "role_arn" {
  description = "The role the pods get."
  value       = aws_iam_role.this.arn
}
