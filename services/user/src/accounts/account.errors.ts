import { AppError, invalidField } from '@emporium/errors';

export const emailTaken = () => new AppError('conflict', 'email-taken', 'There is an account with this e-mail address already.');

export const accountNotFound = (id: string) => new AppError('not-found', 'account-not-found', `There is no account ${id}.`);

export const passwordRefused = (field: string, reason: string) => invalidField(field, reason);
