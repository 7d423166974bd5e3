import { z } from 'zod';

/** As much of an OpenAPI document as merging needs. */
export const openApiDocument = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  components: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type OpenApiDocument = z.infer<typeof openApiDocument>;
