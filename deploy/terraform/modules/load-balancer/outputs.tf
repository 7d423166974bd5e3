output "dns_name" {
  description = "Name that AWS gave it."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Zone of that name, for alias records."
  value       = aws_lb.this.zone_id
}

output "target_group_arn" {
  description = "For the TargetGroupBinding in the cluster."
  value       = aws_lb_target_group.this.arn
}

output "dimensions" {
  description = "Names of load balancer and target group in CloudWatch."
  value       = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.this.arn_suffix }
}

output "addresses" {
  description = "Its address in each zone."
  value       = { for zone, address in aws_eip.this : zone => address.public_ip }
}
