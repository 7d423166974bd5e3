import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Answer, Call } from '../journeys/journey.ts';
import { world } from './world.ts';

/** No answer, 500 or 502: the gateway promises that these never happen, whatever the load. */
const unclean = new Counter('unclean_failures');
const purchases = new Counter('purchases');

const TIMEOUT = '10s';
const callbacks: Record<string, ReturnType<typeof http.expectedStatuses>> = {};

/** Sends one request and counts it. */
export function send({
  route,
  method = 'GET',
  path = route,
  token,
  idempotencyKey,
  body,
  statuses = [200],
  isRead,
}: Call): Answer {
  const { status, body: text } = http.request(method, world().url + path, body === undefined ? null : JSON.stringify(body), {
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    tags: { name: `${method} ${route}` },
    responseType: isRead ? 'text' : 'none',
    responseCallback: callbackFor(statuses),
    timeout: TIMEOUT,
  });
  if (status === 0 || status === 500 || status === 502) unclean.add(1);
  if (status === 201 && route === '/v1/orders') purchases.add(1);
  return { status, isGood: statuses.includes(status), body: isRead ? parsed(text) : undefined };
}

function callbackFor(statuses: readonly number[]) {
  const key = statuses.join();
  callbacks[key] ??= http.expectedStatuses(...statuses);
  return callbacks[key];
}

function parsed(text: string | null): Answer['body'] {
  try {
    return JSON.parse(text ?? '') as Answer['body'];
  } catch {
    return undefined; // the status says what it was
  }
}
