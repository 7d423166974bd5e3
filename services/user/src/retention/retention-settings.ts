/** How long what is over is kept, in milliseconds. */
export class RetentionSettings {
  readonly endedSessionsMs: number;
  readonly signInsMs: number;
  readonly attemptsMs: number;

  constructor(settings: { endedSessionsMs: number; signInsMs: number; attemptsMs: number }) {
    this.endedSessionsMs = settings.endedSessionsMs;
    this.signInsMs = settings.signInsMs;
    this.attemptsMs = settings.attemptsMs;
  }
}
