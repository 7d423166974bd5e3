/** A mistake, where it is planted, and what must be said about it. */
export interface Mistake {
  name: string;
  file: string;
  from: string;
  to: string;
  /** `validate` looks at the folder, `policies` at what the environment `staging` would become. */
  seenBy: 'validate' | 'policies';
  says: string;
}

export const mistakes: Mistake[] = [
  {
    name: 'an argument that the provider does not have',
    file: 'modules/database/main.tf',
    from: 'publicly_accessible    = false',
    to: 'public                 = false',
    seenBy: 'validate',
    says: 'Unsupported argument',
  },
  {
    name: 'a list where the provider takes a text',
    file: 'modules/cache/main.tf',
    from: 'passwords_wo         = var.password',
    to: 'passwords_wo         = [var.password]',
    seenBy: 'validate',
    says: 'string required',
  },
  {
    name: 'a required argument left out',
    file: 'modules/load-balancer/main.tf',
    from: '  load_balancer_arn = aws_lb.this.arn\n',
    to: '',
    seenBy: 'validate',
    says: 'Missing required argument',
  },
  {
    name: 'a block that the provider does not have',
    file: 'modules/cluster/main.tf',
    from: 'upgrade_policy {',
    to: 'upgrade {',
    seenBy: 'validate',
    says: 'Unsupported block type',
  },
  {
    name: 'a secret that would be written into the state',
    file: 'modules/cache/main.tf',
    from: 'passwords_wo         = var.password',
    to: 'passwords            = [var.password]',
    seenBy: 'validate',
    says: 'ephemeral',
  },
  {
    name: 'the load balancer open to all ports',
    file: 'modules/load-balancer/main.tf',
    from: '  prefix_list_id    = each.value.prefix_list\n  ip_protocol       = "tcp"\n  from_port         = 443\n',
    to: '  cidr_ipv4         = "0.0.0.0/0"\n  ip_protocol       = "tcp"\n  from_port         = 1\n',
    seenBy: 'policies',
    says: 'lets the whole internet in',
  },
  {
    name: 'a public database',
    file: 'modules/database/main.tf',
    from: '  multi_az               = true\n  publicly_accessible    = false',
    to: '  multi_az               = true\n  publicly_accessible    = true',
    seenBy: 'policies',
    says: 'is public',
  },
  {
    name: 'a workload that may do anything with buckets',
    file: 'modules/workloads/policies.tf',
    from: '"s3:GetBucketLocation"',
    to: '"s3:*"',
    seenBy: 'policies',
    says: 'name the actions',
  },
  {
    name: 'databases on spot nodes',
    file: 'modules/cluster/nodes.tf',
    from: 'capacity_type   = each.value.capacity',
    to: 'capacity_type   = "SPOT"',
    seenBy: 'policies',
    says: "two minutes' notice",
  },
  {
    name: 'a provider without tags',
    file: 'environments/staging/providers.tf',
    from: '  default_tags {\n    tags = local.tags\n  }\n',
    to: '',
    seenBy: 'policies',
    says: 'does not tag',
  },
];
