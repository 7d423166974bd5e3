import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { problemResponse } from './answers.decorator.ts';
import { problemSchema } from './problem.schema.ts';

type Schema = Record<string, unknown>;

const everywhere = [400, 401, 403, 429, 503, 504];

/** The OpenAPI 3.1 document of a service's `/v1` routes, made from the schemas that check its requests. */
export function describeApi(app: INestApplication, name: string, version = '0.1.0'): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle(`Emporium ${name}`).setVersion(version).setOpenAPIVersion('3.1.0');
  builder.addGlobalResponse(...everywhere.map(problemResponse));
  const document = SwaggerModule.createDocument(app, builder.addBearerAuth().build(), {
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: toJsonSchema(schema as z.ZodType, schemaType) }),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return {
    ...document,
    paths: Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'))),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: toJsonSchema(problemSchema, 'output') },
    },
  };
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12, which is what zod writes. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return json as Schema;
}
