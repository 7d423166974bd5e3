import { counter } from '@emporium/telemetry';

/** Counters of one cache, looked up once: label lookups cost more than the count itself. */
export function cacheMetrics(cache: string) {
  const reads = counter('emporium_cache_reads_total', 'Cache reads, by how the value was found.', ['cache', 'outcome']);
  const writes = counter('emporium_cache_writes_total', 'Loaded values, by whether they were stored.', ['cache', 'outcome']);

  return {
    hit: reads.labels(cache, 'hit'),
    miss: reads.labels(cache, 'miss'),
    shared: reads.labels(cache, 'shared'),
    bypassed: reads.labels(cache, 'bypassed'),
    stale: reads.labels(cache, 'stale'),
    stored: writes.labels(cache, 'stored'),
    refused: writes.labels(cache, 'refused'),
  };
}
