export { Slots, type SlotsOptions } from './slots.ts';
