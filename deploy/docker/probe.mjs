// Asks this container's own service for a path; the exit code is the answer. Plain `http`: `fetch` takes longer to load.
import { get } from 'node:http';

// biome-ignore lint/style/noProcessEnv: HEALTHCHECK runs without a shell, so nothing else can hand the port over.
const { PORT: port } = process.env;
const request = get({ host: '127.0.0.1', port, path: process.argv[2], timeout: 2_500 }, ({ statusCode = 500 }) => {
  // A 404 of the simulator is an answer too; a service says 503 when it is not well.
  process.exit(statusCode < 500 ? 0 : 1);
});
request.on('timeout', () => request.destroy(new Error('no answer')));
request.on('error', () => process.exit(1));
