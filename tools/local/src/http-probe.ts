import { get } from 'node:http';

const PROBE_TIMEOUT_MS = 1_000;

/** Whether the address answers, and with this status if one is given. Keeps no connection, so that it never holds up a shutdown. */
export function answersWith(url: string, status?: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(status === undefined || response.statusCode === status);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}
