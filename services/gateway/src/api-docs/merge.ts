import { z } from 'zod';

/** As much of an OpenAPI document as merging needs. */
export const openApiDocument = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  components: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type OpenApiDocument = z.infer<typeof openApiDocument>;

interface PublicRoute {
  readonly method: string;
  readonly path: string;
}

/** One document of the whole from the services' own: only what the gateway lets through, only once. */
export function merge(documents: readonly OpenApiDocument[], routes: readonly PublicRoute[]): OpenApiDocument {
  const open = new Set(routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
  const merged: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: 'Emporium', version: '1', description: 'The public HTTP interface of the shop.' },
    servers: [{ url: '/' }],
    paths: {},
    components: {},
  };
  for (const document of documents) {
    for (const [path, operations] of Object.entries(document.paths)) {
      const shown = Object.entries(operations).filter(([method]) => open.has(`${method.toUpperCase()} ${path}`));
      if (shown.length > 0) merged.paths[path] = { ...merged.paths[path], ...Object.fromEntries(shown) };
    }
    for (const [kind, parts] of Object.entries(document.components)) {
      merged.components[kind] = { ...merged.components[kind], ...parts };
    }
  }
  return merged;
}
