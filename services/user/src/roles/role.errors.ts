import { AppError } from '@emporium/errors';

export const lastAdmin = () =>
  new AppError('conflict', 'last-admin', 'This is the last administrator. Make somebody else one first.');
