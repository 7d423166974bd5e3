import type { Profiler } from 'node:inspector';
import type { ProcessSpec } from '@emporium/local';
import { openScenarios } from '../bench.ts';
import { differences, openBenchPlatform } from '../platform/bench-platform.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { InspectorSession } from './inspector-session.ts';

const WARM_UP_S = 3;

export interface ProfileOptions {
  readonly scenario: Scenario;
  readonly services: readonly string[];
  readonly seconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Profiles of the services while the scenario loads the platform, by the name of the process. */
export async function takeProfiles(options: ProfileOptions): Promise<Map<string, Profiler.Profile>> {
  const { scenario, services, seconds, say, signal } = options;
  const adjust = (spec: ProcessSpec) =>
    services.includes(spec.name) ? { ...spec, args: ['--inspect=127.0.0.1:0', ...spec.args] } : spec;
  const bench = await openBenchPlatform({ signal, say, adjust });
  const sessions = new Map<string, InspectorSession>();
  try {
    say(`other than npm start: ${differences}`);
    const [open] = await openScenarios([scenario], bench);
    await open?.drive({ seconds: WARM_UP_S });
    for (const service of services) {
      // Of the two gateways the one that the scenario goes through.
      const process = scenario.processes.find((name) => name.startsWith(service)) ?? service;
      sessions.set(process, await InspectorSession.open(bench.platform.logFile(process)));
    }
    signal.throwIfAborted();
    await Promise.all([...sessions.values()].map((session) => session.startProfile()));
    const driven = await open?.drive({ seconds });
    const profiles = new Map<string, Profiler.Profile>();
    for (const [process, session] of sessions) profiles.set(process, await session.stopProfile());
    say(`${driven?.done} × ${scenario.name}`);
    return profiles;
  } finally {
    for (const session of sessions.values()) session.close();
    await bench.close();
  }
}
