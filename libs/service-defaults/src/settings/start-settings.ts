import { Settings } from '@emporium/settings';
import type { Logger } from '@emporium/telemetry';
import type { z } from 'zod';
import type { Lifecycle } from '../platform/lifecycle.ts';
import { settingsOfAll } from './service.settings.ts';

/** Whose sections a file may have; a section of any other name is a mistake. */
const services = ['gateway', 'user', 'product', 'order', 'payment'];

interface Start {
  readonly service: string;
  readonly schema: z.ZodType;
  readonly file: string | undefined;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** The settings of this process, read once already, and read again every second until it ends. */
export async function startSettings({ service, schema, file, logger, lifecycle }: Start): Promise<Settings<unknown>> {
  const settings = new Settings({ section: service, schema, all: settingsOfAll, others: services, file, logger });
  lifecycle.onStop('background', 'settings', () => settings.stop());
  await settings.start();
  return settings;
}
