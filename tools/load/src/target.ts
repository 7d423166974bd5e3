import { isIP } from 'node:net';

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * The base address of a platform that may be put under load: this machine's own, unless somebody said that another is meant. A load test
 * against a stranger is an attack, and one against a shop in production may be one.
 */
export function checkedTarget(address: string, allowRemote: boolean): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`--target takes an address such as http://127.0.0.1:8080, not ${address}.`);
  }
  if (url.username !== '' || url.pathname !== '/' || url.search !== '') {
    throw new Error('--target takes the gateway alone: no user, path or query.');
  }
  if (!allowRemote && !isLoopback(url.hostname)) {
    throw new Error(`${url.hostname} is not this machine. If it is yours to put under load, say --allow-remote.`);
  }
  return url.origin;
}

/** By its name, never by asking the resolver: what a name leads to may change between this look and the load. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (isIP(host) === 4 ? LOOPBACK_V4.test(host) : host === '::1');
}
