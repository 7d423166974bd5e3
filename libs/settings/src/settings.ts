import { counter, gauge, type Logger } from '@emporium/telemetry';
import { changesBetween } from './changes.ts';
import { type Reading, readSections, type SettingsLayout } from './sections.ts';
import { type Found, isSame, lookAt } from './settings-file.ts';

export interface SettingsOptions<Values> extends SettingsLayout<Values> {
  /** Path of the JSON file. Without it the defaults are in force for good. */
  readonly file?: string;
  readonly logger: Logger;
  /** How often the file is read. Default 1000. */
  readonly everyMs?: number;
}

/** What an operator wants to know about the settings. */
export interface SettingsReport {
  readonly file: string | null;
  /** Whether the file as it is now is in force; true, too, when there is none. */
  readonly valid: boolean;
  readonly problems: readonly string[];
  readonly settings: unknown;
}

/**
 * Settings that change while the process runs. The file is read every second, by content: a ConfigMap mount replaces a link, which
 * watching the file would miss. It counts as a whole or not at all: one mistake, and the last good settings stay. Without a file, or
 * when it goes away, the defaults of the schema are in force. `start` before the first use; `current` is cheap to read at any time.
 */
export class Settings<Values> {
  private readonly defaults: Values;
  private values: Values;
  private seen: Found | undefined;
  private problems: readonly string[] = [];
  private turn: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly validGauge = gauge('emporium_settings_valid', 'Whether the settings file is in force: 0 when it was refused.');
  private readonly reloads = counter('emporium_settings_reloads_total', 'Times the settings file was new.', ['outcome']);

  constructor(private readonly options: SettingsOptions<Values>) {
    this.defaults = frozen(options.schema.parse({}));
    this.values = this.defaults;
    this.validGauge.set(1);
  }

  /** The settings in force, frozen; the same object until something changes. */
  get current(): Values {
    return this.values;
  }

  /** Reads the file once before it returns, and from then on by itself. Never rejects: a bad file at the start leaves the defaults. */
  async start(): Promise<void> {
    await this.poll();
    if (this.stopped || this.options.file === undefined) return;
    this.timer = setTimeout(() => void this.start(), this.options.everyMs ?? 1_000);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Looks at the file now; what it says is in force, or refused, when this resolves. Never rejects. */
  poll(): Promise<void> {
    // One after the other: of two looks at once the older could come last.
    this.turn = this.turn.then(() => this.look());
    return this.turn;
  }

  report(): SettingsReport {
    const { file = null } = this.options;
    return { file, valid: this.problems.length === 0, problems: this.problems, settings: this.values };
  }

  private async look(): Promise<void> {
    if (this.options.file === undefined) return;
    const found = await lookAt(this.options.file);
    if (isSame(this.seen, found)) return;
    this.seen = found;
    try {
      const reading = this.read(found);
      if ('problems' in reading) this.refuse(reading.problems);
      else this.accept(reading.values, found);
    } catch (error) {
      // A schema with a bug in it: no reason to lose the settings that are in force.
      this.refuse(['the settings could not be checked'], error);
    }
  }

  private read(found: Found): Reading<Values> {
    if (found.kind === 'absent') return { values: this.defaults };
    if (found.kind === 'unreadable') return { problems: [`the file cannot be read: ${found.code}`] };
    return readSections(found.text, this.options);
  }

  private refuse(problems: readonly string[], error?: unknown): void {
    this.problems = problems;
    this.validGauge.set(0);
    this.reloads.inc({ outcome: 'refused' });
    this.options.logger.error('settings refused; the last good ones stay', { file: this.options.file, problems, error });
  }

  private accept(values: Values, found: Found): void {
    const { logger, file } = this.options;
    if (found.kind === 'absent') logger.warn('there is no settings file; the defaults are in force', { file });
    else if (this.problems.length > 0) logger.info('the settings file is in force again', { file });
    this.problems = [];
    this.validGauge.set(1);

    const changes = changesBetween(this.values, values);
    const isChanged = Object.keys(changes).length > 0;
    this.reloads.inc({ outcome: isChanged ? 'applied' : 'unchanged' });
    if (!isChanged) return;
    this.values = frozen(values);
    logger.info('settings changed', { file, changes });
  }
}

function frozen<T>(tree: T): T {
  if (typeof tree !== 'object' || tree === null || Object.isFrozen(tree)) return tree;
  for (const part of Object.values(tree)) frozen(part);
  return Object.freeze(tree);
}
