output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Its address range."
  value       = aws_vpc.this.cidr_block
}

output "public_subnets" {
  description = "Subnet of each zone that holds the load balancer and NAT, and nothing else."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "private_subnets" {
  description = "Subnet of each zone for nodes and pods."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

output "data_subnets" {
  description = "Subnet of each zone for managed databases and caches, without a route out."
  value       = { for zone, subnet in aws_subnet.data : zone => subnet.id }
}

output "nat_gateways" {
  description = "How many NAT gateways are paid for."
  value       = length(aws_nat_gateway.this)
}
