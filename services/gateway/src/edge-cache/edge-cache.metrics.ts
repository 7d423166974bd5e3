import { counter, gauge } from '@emporium/telemetry';

const answers = counter('emporium_edge_cache_answers_total', 'Anonymous answers, by how they were found.', ['outcome']);
const size = gauge('emporium_edge_cache_bytes', 'Bytes the edge cache holds.');
const entries = gauge('emporium_edge_cache_entries', 'Answers the edge cache holds.');

export const edgeCacheMetrics = {
  hit: answers.labels('hit'),
  miss: answers.labels('miss'),
  shared: answers.labels('shared'),
  stale: answers.labels('stale'),
  holds(held: { bytes: number; entries: number }): void {
    size.set(held.bytes);
    entries.set(held.entries);
  },
};
