import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, runInContext } from '@emporium/telemetry';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthRegistry } from './health/health.registry.ts';
import { createManagementServer } from './health/management.server.ts';
import { Connections } from './http/connections.ts';
import { NestLogger } from './http/nest.logger.ts';
import { PlatformAdapter } from './http/platform.adapter.ts';
import { setUpHttp } from './http/set-up-http.ts';
import { Lifecycle } from './platform/lifecycle.ts';
import type { ServiceConfig } from './platform/platform.config.ts';
import { LOGGER, SETTINGS } from './platform/tokens.ts';
import { limitClients } from './shedding/client.limits.ts';
import { Doors } from './shedding/doors.ts';

/** What to run. `module` is the service's root module; it imports `PlatformModule.with(…)`. */
export interface ServiceOptions {
  name: string;
  module: Type | DynamicModule;
  config: ServiceConfig;
}

/** A service in this process. */
export interface RunningService {
  app: NestFastifyApplication;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Starts background work and both servers. With port 0 the system chooses; the addresses say what it chose. */
  listen(): Promise<{ url: string; managementUrl: string }>;
}

/** Builds a service without listening. Does not touch the process: signals and exit codes belong to `startService`. */
export async function createApp({ module, config }: ServiceOptions): Promise<RunningService> {
  const adapter = new PlatformAdapter(config);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    // What goes wrong here is thrown, and whoever starts the service logs it, once.
    logger: false,
    forceCloseConnections: false,
  });
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(new NestLogger(logger));
  const lifecycle = app.get(Lifecycle);
  setUpHttp(app, adapter);
  const management = createManagementServer(app.get(HealthRegistry), app.get(SETTINGS), logger);
  limitClients(app.getHttpServer(), config);
  const doors = new Doors(app.getHttpServer());
  const connections = new Connections(app.getHttpServer(), { ageMs: config.connectionAgeMs });
  stopInOrder(app, connections, doors, lifecycle, management);

  const listen = async () => {
    await doors.open(config, (options) => app.listen(options as never));
    await listenOn(management, config.managementPort, config.host);
    return { url: urlOf(app.getHttpServer()), managementUrl: urlOf(management) };
  };
  // Connections made and jobs started here must not pass for the work of whoever started the service.
  return { app, logger, lifecycle, listen: () => runInContext({ requestId: 'start' }, listen) };
}

function stopInOrder(
  app: NestFastifyApplication,
  connections: Connections,
  doors: Doors,
  lifecycle: Lifecycle,
  management: Server,
): void {
  const server: Server = app.getHttpServer();
  lifecycle.onStop('intake', 'connections', () => connections.retire());
  lifecycle.onStop('requests', 'http', () => connections.close(() => Promise.all([app.getHttpAdapter().close(), doors.close()])));
  lifecycle.onStop('background', 'modules', () => app.close());
  lifecycle.onStop('stores', 'management', () => {
    // Metrics can be read until the end; requests that outlived their time are cut off here.
    management.close();
    management.closeAllConnections();
    server.closeAllConnections();
  });
}

async function listenOn(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address}:${port}`;
}
