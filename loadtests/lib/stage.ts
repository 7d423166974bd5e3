import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { journeys } from '../journeys/index.ts';
import { compareBooks } from './books.ts';
import type { JourneyName } from './mix.ts';
import { visit } from './visit.ts';
import { world } from './world.ts';

/** Visits that could not be made as they were meant: a fault of this suite, or of the platform it cannot name. */
const broken = new Counter('broken_visits');

const playing = (name: JourneyName) => async () => {
  try {
    await journeys[name].run(visit);
  } catch (error) {
    broken.add(1);
    console.error(`${name}: ${error}`);
  }
};

// What k6 calls, by the names that scenarios give. Every profile exports all of it.
export const browse = playing('browse');
export const search = playing('search');
export const cart = playing('cart');
export const checkout = playing('checkout');
export const account = playing('account');
export const admin = playing('admin');
export const signIn = playing('signIn');
export const rush = playing('rush');

interface Begun {
  readonly since: string;
}

export function setup(): Begun {
  const { status } = http.request('GET', `${world().url}/ready`);
  if (status !== 200) throw new Error(`${world().url}/ready answers ${status}: no purchase can be made there now.`);
  // The provider lists its charges by whole seconds.
  return { since: new Date(Date.now() - 2_000).toISOString() };
}

export async function teardown({ since }: Begun): Promise<void> {
  await compareBooks(since);
}

/** The figures as a file for the runner; k6's own summary is not wanted beside its table. */
export function handleSummary(data: unknown): Record<string, string> {
  const text = JSON.stringify(data, null, 2);
  return __ENV.LOAD_SUMMARY === undefined ? { stdout: text } : { [__ENV.LOAD_SUMMARY]: text };
}
