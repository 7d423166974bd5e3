/**
 * Queues, in seconds and requests per second. Sources:
 * Little, "A Proof for the Queuing Formula L = λW", Operations Research 9 (1961);
 * Erlang's B and C formulas as in Kleinrock, Queueing Systems I (1975), ch. 3;
 * Allen and Cunneen's approximation as in Allen, Probability, Statistics, and Queueing Theory, 2nd ed. (1990), ch. 5.
 */
export interface Station {
  /** Arrivals per second. */
  readonly rate: number;
  /** Mean time of one job on a free server. */
  readonly serviceSeconds: number;
  /** Squared coefficient of variation of that time: 1 is exponential (M/M/c), 0 is constant (M/D/c). */
  readonly variation: number;
  readonly servers: number;
}

/** Little's law: how many are inside on average, when so many come and each stays so long. */
export const inside = (rate: number, staySeconds: number): number => rate * staySeconds;

export const utilisationOf = ({ rate, serviceSeconds, servers }: Station): number => inside(rate, serviceSeconds) / servers;

/** Erlang B, the share of arrivals that find all servers busy and leave; by its recursion, which does not overflow. */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let count = 1; count <= servers; count += 1) blocked = (offered * blocked) / (count + offered * blocked);
  return blocked;
}

/** Erlang C, the share of arrivals of an M/M/c queue that must wait; 1 when the servers cannot keep up. */
export function erlangC(servers: number, offered: number): number {
  const utilisation = offered / servers;
  if (utilisation >= 1) return 1;
  const blocked = erlangB(servers, offered);
  return blocked / (1 - utilisation * (1 - blocked));
}

/** Mean wait of M/G/c by Allen and Cunneen with Poisson arrivals: that of M/M/c, times (1 + variation) / 2. Exact for one server. */
export function meanWaitSeconds(station: Station): number {
  const { rate, serviceSeconds, servers, variation } = station;
  const utilisation = utilisationOf(station);
  if (utilisation >= 1) return Number.POSITIVE_INFINITY;
  const ofExponential = (erlangC(servers, inside(rate, serviceSeconds)) * serviceSeconds) / (servers * (1 - utilisation));
  return (ofExponential * (1 + variation)) / 2;
}

/**
 * The wait that a share of the arrivals does not exceed. Those who wait at all wait exponentially long: exact for M/M/c; for other service
 * times an approximation with the mean of `meanWaitSeconds`.
 */
export function waitPercentileSeconds(station: Station, share: number): number {
  const waiting = erlangC(station.servers, inside(station.rate, station.serviceSeconds));
  if (waiting === 0 || waiting <= 1 - share) return 0;
  return (meanWaitSeconds(station) / waiting) * Math.log(waiting / (1 - share));
}

/** Mean time in the station: the wait and the service. */
export const meanStaySeconds = (station: Station): number => meanWaitSeconds(station) + station.serviceSeconds;

export interface Limits {
  readonly utilisation: number;
  readonly waitSeconds: number;
  readonly share: number;
}

/** One queue before all servers: the cores of a database server, the connections of a pool. */
export function serversForSharedQueue(load: Omit<Station, 'servers'>, limits: Limits): number {
  return smallest(load, limits, (servers) => waitPercentileSeconds({ ...load, servers }, limits.share));
}

/**
 * A queue before each server, arrivals dealt at random: pods, each with one event loop, behind kept-alive connections. Worse than a shared
 * queue, and what a balancer that does not look at the pods gives.
 */
export function serversForOwnQueues(load: Omit<Station, 'servers'>, limits: Limits): number {
  return smallest(load, limits, (servers) => waitPercentileSeconds(oneOf(load, servers), limits.share));
}

/** What one of several servers sees that get the same share each. */
export const oneOf = (load: Omit<Station, 'servers'>, servers: number): Station => ({
  ...load,
  rate: load.rate / servers,
  servers: 1,
});

function smallest(load: Omit<Station, 'servers'>, limits: Limits, wait: (servers: number) => number): number {
  const atLeast = Math.max(1, Math.ceil(inside(load.rate, load.serviceSeconds) / limits.utilisation - 1e-9));
  let servers = atLeast;
  // Ends: with more servers the wait falls to nothing.
  while (wait(servers) > limits.waitSeconds) servers += 1;
  return servers;
}
