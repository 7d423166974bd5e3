import type { FieldError } from '@emporium/errors';
import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { badFields } from './request.errors.ts';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** zod's own: the names a strict object does not know. */
  readonly keys?: readonly string[];
}

/** Checks what `@Body`, `@Query` and `@Param` declare, and answers 400 with the name of every field that is wrong. */
export class SchemaPipe extends StandardSchemaValidationPipe {
  override async transform<Value>(value: Value, metadata: ArgumentMetadata): Promise<Value> {
    const { schema } = metadata;
    if (schema === undefined || !this.toValidate(metadata)) return value;
    const result = await this.validate<Value>(value, schema as Parameters<typeof this.validate>[1]);
    if (result.issues !== undefined)
      throw badFields((result.issues as readonly Issue[]).flatMap((issue) => toFields(issue, metadata)));
    return result.value;
  }
}

function toFields({ message, path = [], keys }: Issue, { type, data }: ArgumentMetadata): FieldError[] {
  const names = path.map((part) => String(typeof part === 'object' ? part.key : part));
  if (data !== undefined) names.unshift(data);
  if (keys !== undefined) return keys.map((key) => ({ field: [...names, key].join('.'), message: 'is not known' }));
  return [{ field: names.join('.') || type, message }];
}
