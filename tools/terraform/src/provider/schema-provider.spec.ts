import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderSchema } from '../schema/schema.ts';
import { field, mapField } from './protobuf.ts';
import { type Attached, attachSchemaProvider } from './schema-provider.ts';

const schema: ProviderSchema = {
  provider: { name: 'hashicorp/aws', version: '6.66.0', source: 'test' },
  config: { attributes: {}, blocks: {} },
  resources: { aws_thing: { attributes: { name: { type: 'string', required: true } }, blocks: {} } },
  data: {},
};

describe('protocol buffers', () => {
  it('are written as their specification shows them', () => {
    expect(field(1, 150).toString('hex')).toBe('089601');
    expect(field(2, 'testing').toString('hex')).toBe('120774657374696e67');
    expect(field(4, true).toString('hex')).toBe('2001');
    expect(mapField(3, { a: field(1, 1) }).toString('hex')).toBe('1a070a016112020801');
  });
});

describe('a provider that knows only the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emporium-schema-provider-'));
  const path = join(folder, 'provider.sock');
  let attached: Attached;

  beforeAll(async () => {
    attached = await attachSchemaProvider(schema, path);
  });

  afterAll(async () => {
    await attached.close();
    rmSync(folder, { recursive: true });
  });

  function call(method: string): Promise<{ status: string; body: Buffer }> {
    const session = connect('http://localhost', { createConnection: () => connectSocket(path) });
    const request = session.request({ ':method': 'POST', ':path': method, 'content-type': 'application/grpc' });
    const parts: Buffer[] = [];
    let status = '';
    return new Promise((resolve, reject) => {
      request.on('response', (headers) => {
        status = String(headers['grpc-status'] ?? '');
      });
      request.on('trailers', (headers) => {
        status = String(headers['grpc-status']);
      });
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('error', reject);
      request.on('end', () => {
        session.close();
        resolve({ status, body: Buffer.concat(parts) });
      });
      request.end(Buffer.alloc(5));
    });
  }

  it('tells Terraform where it listens', () => {
    expect(JSON.parse(attached.reattach)).toEqual({
      'registry.terraform.io/hashicorp/aws': expect.objectContaining({
        ProtocolVersion: 6,
        Addr: { Network: 'unix', String: path },
      }),
    });
  });

  it('answers with the schema, in one frame of its length', async () => {
    const { status, body } = await call('/tfplugin6.Provider/GetProviderSchema');

    expect(status).toBe('0');
    expect(body.readUInt32BE(1)).toBe(body.length - 5);
    expect(body.toString('latin1')).toContain('aws_thing');
    expect(body.toString('latin1')).toContain('"string"');
  });

  it('finds nothing wrong by itself, and does nothing', async () => {
    expect(await call('/tfplugin6.Provider/ValidateResourceConfig')).toEqual({ status: '0', body: Buffer.alloc(5) });
    expect((await call('/tfplugin6.Provider/ApplyResourceChange')).status).toBe('12');
    expect((await call('/plugin.GRPCStdio/StreamStdio')).status).toBe('12');
  });
});
