import { LoopDelay } from '@emporium/admission';
import { AppError } from '@emporium/errors';
import type { Logger } from '@emporium/telemetry';
import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { userRule } from '../access/access-rule.ts';
import type { AnswerProblem } from '../http/problem.ts';
import { type Priority, priorityHeader, priorityIn, shareOf } from './priority.ts';
import { overloaded, shedAnswer } from './shed.answer.ts';
import { type ShedReason, ShedReport } from './shed.report.ts';

/** When a process has too much to do. Each priority may use up its share of both. Asked for with every request. */
export interface SheddingSettings {
  /** Milliseconds by which the event loop may be late before even the first priority is refused. */
  readonly loopDelayMaxMs: number;
  /** Requests under way before even the first priority is refused. */
  readonly inFlightMax: number;
}

export interface SheddingOptions {
  readonly settings: () => SheddingSettings;
  readonly logger: Logger;
  /** The public door believes nobody's word on priorities, and does not count what is under way: slow clients are most of that. */
  readonly edge?: boolean;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly loopDelay?: Pick<LoopDelay, 'ms' | 'stop'>;
}

/** Refuses what cannot be done in time as it arrives, the least important first, so that the rest is done. */
export class Shedding {
  private inFlight = 0;
  private readonly loopDelay: Pick<LoopDelay, 'ms' | 'stop'>;
  private readonly report: ShedReport;
  private readonly answer: ReturnType<typeof shedAnswer>;

  constructor(private readonly options: SheddingOptions) {
    this.loopDelay = options.loopDelay ?? new LoopDelay();
    this.answer = shedAnswer(options.answerHeaders ?? {});
    this.report = new ShedReport(options.logger, () => ({
      loopDelayMs: Math.round(this.loopDelay.ms),
      ...(!options.edge && { inFlight: this.inFlight }),
    }));
  }

  /** The first hook of all: a request that is refused has cost nothing but the reading of its headers. */
  readonly onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { config } = request.routeOptions;
    const priority = this.priorityOf(request, config);
    const reason = config.priority === 'probe' ? undefined : this.reasonToRefuse(request, priority, config.isFull);
    if (reason === undefined) {
      if (!this.options.edge) this.count(reply);
      done();
    } else this.refuse(request, reply, priority, reason);
  };

  /** Answers `overloaded()`, raised by whoever finds out later than at arrival that there is no room, as at arrival. */
  orElse(answer: AnswerProblem): AnswerProblem {
    return (error, request, reply) => {
      const isShed = error instanceof AppError && error.code === overloaded().code && !reply.sent;
      if (isShed) this.refuse(request, reply, this.priorityOf(request, request.routeOptions.config), 'concurrency');
      else answer(error, request, reply);
    };
  }

  stop(): void {
    this.loopDelay.stop();
    this.report.flush();
  }

  private priorityOf({ headers }: FastifyRequest, config: FastifyContextConfig): Priority {
    if (config.priority !== undefined && config.priority !== 'probe') return config.priority;
    return this.options.edge ? 'browse' : priorityIn(config.access ?? userRule, headers[priorityHeader]);
  }

  private refuse(request: FastifyRequest, reply: FastifyReply, priority: Priority, reason: ShedReason): void {
    this.report.add(priority, reason);
    this.answer(request, reply);
  }

  private reasonToRefuse(
    request: FastifyRequest,
    priority: Priority,
    isFull?: (request: FastifyRequest) => boolean,
  ): ShedReason | undefined {
    const { loopDelayMaxMs, inFlightMax } = this.options.settings();
    const share = shareOf[priority];
    if (this.loopDelay.ms > loopDelayMaxMs * share) return 'loop-delay';
    if (this.inFlight >= inFlightMax * share) return 'in-flight';
    return isFull?.(request) ? 'concurrency' : undefined;
  }

  private count(reply: FastifyReply): void {
    this.inFlight += 1;
    reply.raw.once('close', () => {
      this.inFlight -= 1;
    });
  }
}
