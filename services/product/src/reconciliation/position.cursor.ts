import { invalidField } from '@emporium/errors';

interface Position {
  readonly at: Date;
  readonly id: string;
}

export const toCursor = ({ at, id }: Position): string => Buffer.from(`${at.toISOString()}|${id}`).toString('base64url');

export function fromCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, moment = '', id = ''] = /^([^|]+)\|([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) throw invalidField('cursor', 'must be a cursor of a previous answer');
  return { at, id };
}
