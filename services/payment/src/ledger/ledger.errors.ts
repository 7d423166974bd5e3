import { AppError, invalidField } from '@emporium/errors';

export const transactionDoesNotBalance = (sourceId: string) =>
  new AppError('unprocessable', 'ledger-does-not-balance', `The postings of ${sourceId} do not sum to zero.`);

export const badCursor = () => invalidField('cursor', 'must be a cursor of a previous answer');
