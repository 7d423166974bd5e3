import { invalidField } from '@emporium/errors';

/** Where a page of payments ends: the moment and the id of its last one. */
export interface PaymentPosition {
  readonly at: Date;
  readonly id: string;
}

export const toCursor = ({ at, id }: PaymentPosition): string => Buffer.from(`${at.toISOString()}|${id}`).toString('base64url');

export function fromCursor(cursor: string): PaymentPosition {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\|([0-9a-f-]{36})$/.exec(
    Buffer.from(cursor, 'base64url').toString('utf8'),
  );
  const at = new Date(match?.[1] ?? Number.NaN);
  const id = match?.[2] ?? '';
  if (Number.isNaN(at.getTime()) || !isUuid(id)) throw invalidField('cursor', 'must be a cursor of a previous answer');
  return { at, id };
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
