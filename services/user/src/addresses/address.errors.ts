import { AppError } from '@emporium/errors';

export const addressNotFound = (id: string) => new AppError('not-found', 'address-not-found', `There is no address ${id}.`);

export const tooManyAddresses = (most: number) =>
  new AppError('conflict', 'too-many-addresses', `An account keeps at most ${most} addresses. Delete one first.`);
