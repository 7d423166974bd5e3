/** The parts of `docker inspect` that are judged. */
export interface Container {
  readonly Id: string;
  readonly Config: {
    readonly User: string;
    readonly Env?: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly State: {
    readonly Running: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number | null;
    readonly RestartPolicy: { readonly Name: string };
  };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
    readonly Networks: Readonly<Record<string, unknown>>;
  };
}

export const serviceOf = ({ Config }: Container): string => Config.Labels['com.docker.compose.service'] ?? '?';

/** One-shot work ends; everything else is started again. */
export const isTask = ({ HostConfig }: Container): boolean => HostConfig.RestartPolicy.Name !== 'unless-stopped';

/** What each container may still do that it must not, in words. */
export function wrongWithContainer(container: Container): string[] {
  const { Config, HostConfig } = container;
  const wrong: string[] = [];
  if (!/^([1-9]\d*(:\d+)?)$/.test(Config.User)) wrong.push(`runs as "${Config.User}"`);
  if (!HostConfig.ReadonlyRootfs) wrong.push('can write to its root');
  if (!HostConfig.CapDrop?.includes('ALL')) wrong.push('keeps capabilities');
  if (!HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges'))) wrong.push('may gain privileges');
  if (HostConfig.Memory <= 0) wrong.push('has no memory limit');
  if (HostConfig.NanoCpus <= 0) wrong.push('has no CPU limit');
  if ((HostConfig.PidsLimit ?? 0) <= 0) wrong.push('has no limit of processes');
  return wrong.map((text) => `${serviceOf(container)} ${text}`);
}

/** Ports that can be reached from outside, but the shop's door on this machine itself. */
export function strangePorts(containers: readonly Container[], door: { service: string; port: number }): string[] {
  const published = containers.flatMap((container) =>
    Object.entries(container.NetworkSettings.Ports).flatMap(([port, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => `${serviceOf(container)} ${port} at ${HostIp}:${HostPort}`),
    ),
  );
  const wanted = `${door.service} 8080/tcp at 127.0.0.1:${door.port}`;
  return published.includes(wanted) ? published.filter((each) => each !== wanted) : [`${wanted} is missing`, ...published];
}

/** Variables that show a secret to whoever may inspect a container. */
export function secretsInSight(containers: readonly Container[], secrets: readonly string[]): string[] {
  const isSecret = (value: string) => secrets.some((secret) => value.includes(secret));
  return containers.flatMap((container) =>
    (container.Config.Env ?? []).filter(isSecret).map((entry) => `${serviceOf(container)} ${entry.split('=')[0]}`),
  );
}

/** Names of the networks a service is on, without the project's. */
export function networksOf(containers: readonly Container[], service: string, project: string): string[] {
  const found = containers.find((container) => serviceOf(container) === service);
  return Object.keys(found?.NetworkSettings.Networks ?? {})
    .map((name) => name.replace(`${project}_`, ''))
    .toSorted();
}
