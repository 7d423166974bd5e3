import { loadConfig } from './config.ts';
import { createSimulator } from './simulator.ts';

const config = loadConfig(process.env);
const simulator = createSimulator({
  dataFile: config.SIMULATOR_DATA_FILE,
  latencyMs: config.SIMULATOR_LATENCY_MS,
  webhooks: { url: config.WEBHOOK_URL, secret: config.WEBHOOK_SECRET, types: config.WEBHOOK_EVENTS },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}

const address = await simulator.listen(config.PORT, config.HOST);
console.log(JSON.stringify({ level: 'info', service: 'stripe-simulator', message: `listening on ${address}` }));
