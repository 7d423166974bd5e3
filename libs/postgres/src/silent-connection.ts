import type { Socket } from 'node:net';
import type pg from 'pg';

/** What pg knows of a connection and does not tell in its types. `unreachable.int.spec.ts` fails when that changes. */
interface Internals {
  readonly connection: { readonly stream: Socket };
  _getActiveQuery(): unknown;
}

/**
 * Ends a connection whose server says nothing for so long while a statement waits: the server's own time-outs cannot arrive over a path that
 * swallows everything, and TCP gives up after a quarter of an hour. Destroying it is the only way that leaves no poisoned connection in the
 * pool (https://github.com/brianc/node-postgres/issues/3399). One that waits for nothing, as a LISTEN does, may be silent.
 */
export function endWhenSilent(client: pg.PoolClient, silenceMs: number, onEnd: () => void): void {
  const internals = client as unknown as Internals;
  const { stream } = internals.connection;
  stream.setTimeout(silenceMs);
  stream.on('timeout', () => {
    const isWaiting = internals._getActiveQuery() != null;
    if (!isWaiting) return;
    stream.destroy();
    onEnd();
  });
}
