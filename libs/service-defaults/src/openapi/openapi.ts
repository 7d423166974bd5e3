import { problem } from '@emporium/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import type { RouteTable } from '../http/route-table.ts';
import { problemResponse } from './answers.decorator.ts';

type PathItemObject = OpenAPIObject['paths'][string];
type Schema = Record<string, unknown>;

const everywhere = [400, 401, 403, 429, 503, 504];

/** The OpenAPI 3.1 document of a service's `/v1` routes, made from the schemas that check its requests. */
export function describeApi(
  app: INestApplication,
  routes: RouteTable,
  { name, version = '0.1.0' }: { name: string; version?: string },
): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle(`Emporium ${name}`).setVersion(version).setOpenAPIVersion('3.1.0');
  builder.addGlobalResponse(...everywhere.map(problemResponse));
  const document = SwaggerModule.createDocument(app, builder.addBearerAuth().build(), {
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: toJsonSchema(schema as z.ZodType, schemaType) }),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return {
    ...document,
    paths: Object.fromEntries(
      Object.entries(document.paths)
        .filter(([path]) => path.startsWith('/v1/'))
        .map(([path, item]) => [path, withAccess(path, item, routes)]),
    ),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: toJsonSchema(problem, 'output') },
    },
  };
}

/** Says of every operation whether it needs a user, and with which role. Taken from the rules that are enforced. */
function withAccess(path: string, item: PathItemObject, routes: RouteTable): PathItemObject {
  const operations = Object.entries(item).map(([method, operation]) => {
    const rule = routes.ruleOf(method, path);
    if (rule?.kind !== 'user') return [method, operation];
    return [method, { ...operation, security: [{ bearer: [] }], ...(rule.roles && { 'x-roles': rule.roles }) }];
  });
  return Object.fromEntries(operations);
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12, which is what zod writes. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return json as Schema;
}
