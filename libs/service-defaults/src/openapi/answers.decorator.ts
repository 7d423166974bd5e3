import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Documents one answer of a route: its status and the shape of its body (no body when left out). Does not check or change answers. */
export const Answers = (status: number, schema?: z.ZodType, description = 'Done.'): MethodDecorator & ClassDecorator =>
  ApiResponse({ status, description, ...(schema && { standardSchema: schema }) });

/**
 * Documents the problems of a route: `@Problems(404, 409)`. What can happen on every route (400, 401, 403, 429, 503, 504)
 * is in the document by itself.
 */
export const Problems = (...statuses: number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(...statuses.map((status) => ApiResponse(problemResponse(status))));

/** The entry of one problem status in an OpenAPI document. */
export const problemResponse = (status: number) => ({
  status,
  description: `Problem (${status}).`,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
