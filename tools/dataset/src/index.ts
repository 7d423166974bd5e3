export { type DatabaseName, fillDatabases, PASSWORD } from './dataset.ts';
export { lastMoment, type Size, scaled } from './size.ts';
export { userAddress } from './user.filling.ts';
