import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { ProviderSchema } from '../schema/schema.ts';
import { schemaAnswer } from './schema-message.ts';

const unimplemented = '12';
// An empty message says "nothing wrong": the rules that only the real provider's code knows are not checked.
const nothing = Buffer.alloc(0);

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function answer(stream: ServerHttp2Stream, message: Buffer | undefined): void {
  if (!message) {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': unimplemented }, { endStream: true });
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(frame(message));
}

/** Where Terraform finds a provider that is already running: the value of `TF_REATTACH_PROVIDERS`. */
export interface Attached {
  reattach: string;
  close(): Promise<void>;
}

/**
 * A provider that knows the schema and does nothing: enough for `terraform validate` and for tests with mocks.
 * It listens on a socket at `path` and answers as `registry.terraform.io/hashicorp/aws`.
 */
export async function attachSchemaProvider(schema: ProviderSchema, path: string): Promise<Attached> {
  const service = '/tfplugin6.Provider/';
  const answers = new Map<string, Buffer>([
    ['GetProviderSchema', schemaAnswer(schema)],
    ['GetFunctions', nothing],
    ['ValidateProviderConfig', nothing],
    ['ValidateResourceConfig', nothing],
    ['ValidateDataResourceConfig', nothing],
    ['ConfigureProvider', nothing],
    ['StopProvider', nothing],
  ]);
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const call = String(headers[':path']);
    // Terraform hangs up as soon as it has what it wants.
    stream.on('error', () => stream.close());
    answer(stream, call.startsWith(service) ? answers.get(call.slice(service.length)) : undefined);
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  const address = { Network: 'unix', String: path };
  return {
    reattach: JSON.stringify({
      'registry.terraform.io/hashicorp/aws': {
        Protocol: 'grpc',
        ProtocolVersion: 6,
        Pid: process.pid,
        Test: true,
        Addr: address,
      },
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}
