import { type Route, upstreamNames } from '../routing/routes.ts';
import { Components } from './components.ts';
import type { OpenApiDocument } from './open-api.ts';

type Documents = ReadonlyMap<string, OpenApiDocument>;
type PublicRoute = Pick<Route, 'method' | 'path' | 'upstream' | 'access'>;

/**
 * One document of the whole: every route the gateway lets through, as the service behind it describes it, and nothing else.
 * A route whose service says nothing of it, or does not answer, is there without its schemas.
 */
export function merge(documents: Documents, routes: readonly PublicRoute[]): OpenApiDocument {
  const components = new Components();
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, path, documents, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Emporium', version: '1', description: 'The public HTTP interface of the shop.' },
    servers: [{ url: '/' }],
    tags: [...upstreamNames, 'every'].map((name) => ({ name })),
    paths,
    components: { ...components.parts, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

function operationOf(route: PublicRoute, path: string, documents: Documents, components: Components): unknown {
  const method = route.method.toLowerCase();
  // What every service has is the same in each, so whoever describes it speaks for all.
  const candidates = route.upstream === 'every' ? upstreamNames : [route.upstream];
  const service = candidates.find((name) => documents.get(name)?.paths[path]?.[method] !== undefined);
  const document = service === undefined ? undefined : documents.get(service);
  const operation =
    service === undefined || document === undefined
      ? bare(path)
      : components.adopt(service, document, document.paths[path]?.[method]);
  return {
    ...(operation as object),
    operationId: `${route.upstream}_${operationIdOf(operation) ?? `${method}_${path.replaceAll(/\W+/g, '_')}`}`,
    tags: [route.upstream],
    security: route.access === 'anyone' ? [] : [{ bearer: [] }],
  };
}

const bare = (path: string) => ({
  parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  responses: { '200': { description: 'Done.' } },
});

/** The same controller and method names exist in several services; an id must be unique in a document. */
const operationIdOf = (operation: unknown): string | undefined => (operation as { operationId?: string }).operationId;
