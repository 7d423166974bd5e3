export { AdaptiveLimit, type AdaptiveLimitSettings, type Admission, type Ending } from './adaptive-limit.ts';
export { LoopDelay } from './loop-delay.ts';
export { Slots, type SlotsOptions } from './slots.ts';
