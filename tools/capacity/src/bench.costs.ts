import { z } from 'zod';
import { type Costs, costsSchema, processes, type Service, services } from './costs.ts';
import { costsOfLoad, loadSchema } from './load.runs.ts';

const figures = z.record(z.string(), z.number().nonnegative());

/** As much of the result of `npm run bench` as is needed here. */
const benchSchema = z.object({
  at: z.string(),
  commit: z.string(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  memoryMiB: figures,
  scenarios: z.array(
    z.object({
      name: z.string(),
      cpuMs: figures,
      bytesOut: z.number().nonnegative().optional(),
      connectionMs: figures.optional(),
    }),
  ),
});

/** Costs as they are, as `npm run bench` says them, or all of a run of `npm run load` as one. */
export const measuredSchema = z.unknown().transform((content, context): Costs => {
  const has = (name: string) => typeof content === 'object' && content !== null && name in content;
  const result = has('scenarios')
    ? benchSchema.transform(costsOf).safeParse(content)
    : has('profile')
      ? loadSchema.transform(costsOfLoad).safeParse(content)
      : costsSchema.safeParse(content);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

function costsOf({ at, commit, machine, memoryMiB, scenarios }: z.infer<typeof benchSchema>): Costs {
  return {
    machine: Object.entries(machine)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    commit,
    measuredAt: at,
    memoryMiB: only(processes, memoryMiB),
    routes: Object.fromEntries(
      scenarios.map(({ name, cpuMs, bytesOut, connectionMs }) => [
        name,
        { cpuMs: { ...idle, ...only(processes, asOneGateway(cpuMs)) }, bytesOut, connectionMs: heldBy(connectionMs) },
      ]),
    ),
  };
}

/** The bench counts the processes that a scenario reaches. Another has no part in it. */
const idle = Object.fromEntries(processes.map((process) => [process, 0]));

/** Where nobody's statements were timed nothing is known; where somebody's were, the others had none. */
const heldBy = (connectionMs: Record<string, number> | undefined): Partial<Record<Service, number>> | undefined =>
  connectionMs && { ...Object.fromEntries(services.map((service) => [service, 0])), ...only(services, connectionMs) };

/** Scenarios past the cache go by a second gateway. */
const asOneGateway = ({ 'gateway-through': through, ...cpuMs }: Record<string, number>): Record<string, number> =>
  through === undefined ? cpuMs : { ...cpuMs, gateway: (cpuMs.gateway ?? 0) + through };

const only = <Name extends string>(
  names: readonly Name[],
  all: Readonly<Record<string, number>>,
): Partial<Record<Name, number>> =>
  Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))) as Partial<
    Record<Name, number>
  >;
