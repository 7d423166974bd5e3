output "topic_arn" {
  description = "Topic that everything with something to say is sent to."
  value       = aws_sns_topic.this.arn
}
