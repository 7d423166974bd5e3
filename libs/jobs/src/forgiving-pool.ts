import type { Postgres } from '@emporium/postgres';

type Pool = Postgres['pool'];
type OnConnect = Parameters<Pool['connect']>[0];
type Release = Parameters<OnConnect>[2];

/**
 * The pool, for graphile-worker: a client that it gives back a second time is not taken back again. 0.18 does so with the client that listens
 * when it ends while its LISTEN is on the way and the connection is lost (`release` in its main.js, once for each), and nobody awaits the
 * second time: pg-pool's error would be an unhandled rejection, which ends a service.
 */
export function forgiving(pool: Pool): Pool {
  const connect = (callback?: OnConnect) => {
    if (callback === undefined) return pool.connect();
    return pool.connect((error, client, release) => callback(error, client, once(release)));
  };
  return new Proxy(pool, {
    get: (target, property) => {
      if (property === 'connect') return connect;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function once(release: Release): Release {
  let isReleased = false;
  return (error) => {
    if (isReleased) return;
    isReleased = true;
    release(error);
  };
}
