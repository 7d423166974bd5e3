import { counter, countTally } from '@emporium/telemetry';

/** Counters of one cache. */
export function cacheMetrics(cache: string) {
  const reads = counter('emporium_cache_reads_total', 'Cache reads, by how the value was found.', ['cache', 'outcome']);
  const writes = counter('emporium_cache_writes_total', 'Loaded values, by whether they were stored.', ['cache', 'outcome']);

  return {
    hit: countTally(reads, { cache, outcome: 'hit' }),
    miss: countTally(reads, { cache, outcome: 'miss' }),
    shared: countTally(reads, { cache, outcome: 'shared' }),
    bypassed: countTally(reads, { cache, outcome: 'bypassed' }),
    stale: countTally(reads, { cache, outcome: 'stale' }),
    stored: countTally(writes, { cache, outcome: 'stored' }),
    refused: countTally(writes, { cache, outcome: 'refused' }),
  };
}
