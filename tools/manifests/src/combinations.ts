/** An overlay with other components than it has: what a user may choose has to fit together, too. */
export interface Combination {
  readonly name: string;
  readonly overlay: 'local' | 'staging' | 'production';
  readonly without?: readonly string[];
  readonly with?: readonly string[];
}

const ingress = ['certificates', 'service-mesh'];

export const COMBINATIONS: readonly Combination[] = [
  { name: 'local-with-postgres-patroni', overlay: 'local', without: ['postgres-simple'], with: ['postgres-patroni'] },
  { name: 'local-with-redis-sentinel', overlay: 'local', without: ['redis-simple'], with: ['redis-sentinel'] },
  {
    name: 'local-with-both',
    overlay: 'local',
    without: ['postgres-simple', 'redis-simple'],
    with: ['postgres-patroni', 'redis-sentinel'],
  },
  { name: 'local-with-request-autoscaling', overlay: 'local', with: ['autoscaling-requests'] },
  { name: 'local-with-gateway-api', overlay: 'local', with: ['gateway-api'] },
  { name: 'local-with-monitoring', overlay: 'local', with: ['monitoring', 'vertical-autoscaling'] },
  { name: 'production-without-mesh', overlay: 'production', without: ['service-mesh'] },
  { name: 'production-with-own-certificates', overlay: 'production', without: ['certificates'] },
  { name: 'production-without-mesh-and-certificates', overlay: 'production', without: ingress },
  { name: 'production-without-monitoring', overlay: 'production', without: ['monitoring', 'vertical-autoscaling'] },
];

/** The list of components that the combination has, from that of its overlay. Raises when the overlay has not what is to be left out. */
export function componentsOf({ name, without = [], with: added = [] }: Combination, components: readonly string[]): string[] {
  const path = (component: string) => `../../components/${component}`;
  for (const component of without) {
    if (!components.includes(path(component))) throw new Error(`${name}: the overlay has no component ${component}.`);
  }
  const kept = components.filter((component) => !without.some((left) => path(left) === component));
  // `site` writes into what the others bring, so it stays last.
  const last = kept.filter((component) => component === path('site'));
  return [...kept.filter((component) => !last.includes(component)), ...added.map(path), ...last];
}
