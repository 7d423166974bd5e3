import { pause } from '../schedule/pause.ts';
import type { Answer, Shop, ShopCall } from './shop.ts';

const TRIES = 30;

/**
 * For what an experiment needs before it begins: a platform that has just started, or is getting over the last fault, may refuse for a
 * moment. Makes a new call each time, so that one whose answer was lost is not done twice under one name. Throws in the end.
 */
export async function insist<Body>(shop: Shop, status: number, callOf: () => Omit<ShopCall, 'action'>): Promise<Body> {
  let last: Answer<Body> | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const call = callOf();
    last = await shop.call<Body>({ ...call, action: 'setup' }, { statuses: [status] });
    if (last.body !== undefined) return last.body;
    await pause(last.retryAfterMs ?? 500);
  }
  throw new Error(`A platform without faults answers ${last?.status} ${last?.code ?? ''} again and again.`);
}
