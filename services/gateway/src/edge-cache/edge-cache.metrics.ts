import { counter, countTally, gauge, levelTally } from '@emporium/telemetry';

const answers = counter('emporium_edge_cache_answers_total', 'Anonymous answers, by how they were found.', ['outcome']);
const size = levelTally(gauge('emporium_edge_cache_bytes', 'Bytes the edge cache holds.'));
const entries = levelTally(gauge('emporium_edge_cache_entries', 'Answers the edge cache holds.'));

export const edgeCacheMetrics = {
  hit: countTally(answers, { outcome: 'hit' }),
  miss: countTally(answers, { outcome: 'miss' }),
  shared: countTally(answers, { outcome: 'shared' }),
  stale: countTally(answers, { outcome: 'stale' }),
  holds(held: { bytes: number; entries: number }): void {
    size.set(held.bytes);
    entries.set(held.entries);
  },
};
