import { resourcesIn, type State } from './state.ts';

/** The part of a plan of `npm run capacity -- --json` that sizes follow from. */
export interface Plan {
  pods: { service: string; atPeak: number; atAverage: number; cpu: number }[];
  nodes: { atPeak: { type: { name: string; vcpu: number }; total: number } };
  database: { node: { name: string; vcpu: number }; instances: number };
  redis: { node: { name: string; vcpu: number } };
  bill: { lines: { what: string; atPeak: number }[] };
}

export interface Prices {
  nodeTypes: { name: string; vcpu: number }[];
  prices: { vcpuHour: { amount: number }; clusterHour: { amount: number } };
}

export interface Assumptions {
  zones: { value: number };
  nodeReservedCpuShare: { value: number };
  hoursPerMonth: { value: number };
}

interface Group {
  name: string;
  type: string;
  min: number;
  max: number;
}

/** Services whose pods must not lose their node at two minutes' notice; the others may run on spot nodes. */
export const onDemandServices = ['order', 'payment'];

function groupsOf(state: State, module: string): Group[] {
  return resourcesIn(state, module, 'aws_eks_node_group').map(({ values }) => {
    const [scaling] = values.scaling_config as { min_size: number; max_size: number }[];
    const [type] = values.instance_types as string[];
    return {
      name: String(values.node_group_name),
      type: type ?? '',
      min: scaling?.min_size ?? 0,
      max: scaling?.max_size ?? 0,
    };
  });
}

/** Nodes for so many pods, the same in each zone. */
export function nodesFor(pods: number, podCpu: number, vcpu: number, { zones, nodeReservedCpuShare }: Assumptions): number {
  const podsOfANode = Math.floor((vcpu * (1 - nodeReservedCpuShare.value)) / podCpu);
  return zones.value * Math.ceil(pods / zones.value / podsOfANode);
}

function nodeFindings(state: State, plan: Plan, assumptions: Assumptions): string[] {
  const groups = groupsOf(state, 'module.primary');
  const { type } = plan.nodes.atPeak;
  return (['on-demand', 'spot'] as const).flatMap((name) => {
    const group = groups.find((each) => each.name === name);
    if (!group) return [`there is no group of nodes named ${name}`];
    const pods = plan.pods.filter(({ service }) => onDemandServices.includes(service) === (name === 'on-demand'));
    const sum = (which: 'atPeak' | 'atAverage') => pods.reduce((total, each) => total + each[which], 0);
    const needed = (which: 'atPeak' | 'atAverage') => nodesFor(sum(which), pods[0]?.cpu ?? 1, type.vcpu, assumptions);
    return [
      ...(group.type === type.name ? [] : [`${name} nodes are ${group.type}, and the plan is for ${type.name}`]),
      ...(group.min === needed('atAverage')
        ? []
        : [`at least ${group.min} ${name} nodes, and the average needs ${needed('atAverage')}`]),
      ...(group.max === needed('atPeak') ? [] : [`at most ${group.max} ${name} nodes, and the peak needs ${needed('atPeak')}`]),
    ];
  });
}

function storeFindings(state: State, plan: Plan): string[] {
  const databases = groupsOf(state, 'module.primary').filter(({ name }) => name.startsWith('database'));
  const wrong = databases.filter(({ type }) => type !== plan.database.node.name);
  const caches = resourcesIn(state, 'module.primary', 'aws_elasticache_replication_group').map(({ values }) => values.node_type);
  return [
    ...wrong.map(({ name, type }) => `${name} is ${type}, and the plan is for ${plan.database.node.name}`),
    ...(databases.length === plan.database.instances
      ? []
      : [`${databases.length} nodes for databases, and the plan is for ${plan.database.instances}`]),
    ...(caches.every((type) => type === `cache.${plan.redis.node.name}`)
      ? []
      : [`the cache is ${caches.join(', ')}, and the plan is for ${plan.redis.node.name}`]),
  ];
}

/** What the nodes, disks and clusters of a state cost a month at list prices, spot nodes as dear as the others. */
export function costOf(state: State, plan: Plan, prices: Prices, hours: number): { least: number; most: number } {
  const ofNode = (type: string) => {
    const known = prices.nodeTypes.find(({ name }) => name === type);
    if (!known) throw new Error(`the price list has no ${type}`);
    return known.vcpu * prices.prices.vcpuHour.amount * hours;
  };
  const modules = ['module.primary', 'module.standby'];
  const clusters =
    modules.flatMap((module) => resourcesIn(state, module, 'aws_eks_cluster')).length * prices.prices.clusterHour.amount * hours;
  const caches = modules
    .flatMap((module) => resourcesIn(state, module, 'aws_elasticache_replication_group'))
    .reduce(
      (sum, { values }) => sum + Number(values.num_cache_clusters) * ofNode(String(values.node_type).replace('cache.', '')),
      0,
    );
  const volumes = plan.bill.lines.find(({ what }) => what === 'database volumes')?.atPeak ?? 0;
  const nodes = (module: string, size: 'min' | 'max') =>
    groupsOf(state, module).reduce((sum, group) => sum + group[size] * ofNode(group.type), 0);
  const fixed = clusters + caches + volumes + nodes('module.standby', 'min');
  return { least: fixed + nodes('module.primary', 'min'), most: fixed + nodes('module.primary', 'max') };
}

/** Where production is not what the capacity plan says, and where its budget cannot be right. */
export function sizeFindings(state: State, plan: Plan, prices: Prices, assumptions: Assumptions): string[] {
  const { least, most } = costOf(state, plan, prices, assumptions.hoursPerMonth.value);
  const [budget] = resourcesIn(state, 'module.costs', 'aws_budgets_budget').map(({ values }) => Number(values.limit_amount));
  const fits = budget !== undefined && budget >= least && budget <= most * 1.25;
  return [
    ...nodeFindings(state, plan, assumptions),
    ...storeFindings(state, plan),
    ...(fits ? [] : [`a budget of ${budget} USD, and the plan costs ${Math.round(least)} to ${Math.round(most)}`]),
  ];
}
