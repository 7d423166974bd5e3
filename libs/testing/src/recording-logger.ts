import type { LogFields, Logger, LogLevel } from '@emporium/telemetry';

export interface LoggedLine {
  level: LogLevel;
  message: string;
  fields: LogFields;
}

/** A logger that keeps its lines for a spec to look at. */
export function recordingLogger(): { logger: Logger; lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const withFields = (own: LogFields): Logger => {
    const log = (level: LogLevel, message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields: { ...own, ...fields } });
    const at = (level: LogLevel) => (message: string, fields?: LogFields) => log(level, message, fields);
    return {
      log,
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      child: (more) => withFields({ ...own, ...more }),
    };
  };
  return { logger: withFields({}), lines };
}
