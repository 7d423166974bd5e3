import { type MigrationSet, pendingMigrations } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';

interface AwaitOptions {
  url: string;
  migrations: readonly MigrationSet[];
  logger: Logger;
  pauseMs?: number;
}

/** Resolves when the database has seen all files of the sets, whoever migrates it, and however long that takes. Logs what it waits for. */
export async function awaitMigrations({ url, migrations, logger, pauseMs = 1_000 }: AwaitOptions): Promise<void> {
  let last: string | undefined;
  for (;;) {
    const found = await pendingMigrations({ url, migrations }).then(
      (pending) => ({ pending }),
      (error: unknown) => ({ error }),
    );
    if ('pending' in found && found.pending.length === 0) return;
    const waiting = 'error' in found ? String(found.error) : found.pending.join(' ');
    if (waiting !== last) logger.info('waiting for migrations', found);
    last = waiting;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
