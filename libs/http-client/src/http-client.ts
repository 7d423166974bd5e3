import type { z } from 'zod';
import type { CallOptions, HttpClientOptions, RawRequest, RawResponse } from './options.ts';

export class HttpClient {
  constructor(readonly options: HttpClientOptions) {}

  get<S extends z.ZodType>(path: string, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('GET', path, undefined, schema, options);
  }

  post<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('POST', path, body, schema, options);
  }

  put<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('PUT', path, body, schema, options);
  }

  patch<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('PATCH', path, body, schema, options);
  }

  delete<S extends z.ZodType>(path: string, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('DELETE', path, undefined, schema, options);
  }

  async request(_request: RawRequest): Promise<RawResponse> {
    throw new Error('unfinished');
  }

  get state(): 'closed' | 'open' | 'half-open' {
    throw new Error('unfinished');
  }

  async close(): Promise<void> {
    throw new Error('unfinished');
  }

  private async call<S extends z.ZodType>(
    _method: string,
    _path: string,
    _body: unknown,
    _schema: S,
    _options: CallOptions = {},
  ): Promise<z.output<S>> {
    throw new Error('unfinished');
  }
}
