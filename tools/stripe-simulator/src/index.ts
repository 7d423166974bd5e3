export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export { signature } from './webhooks.ts';
