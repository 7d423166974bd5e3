import { isUtf8 } from 'node:buffer';
import type { RawResponse } from '@emporium/http-client';
import type { AnswerAtHand } from '@emporium/service-defaults';
import { answerHeaders } from '../routing/forward.headers.ts';
import { names } from './caching.rules.ts';

/** A kept answer as the client gets it, made once for all who ask while it is fresh. */
export class ReadyAnswer {
  private readonly whole: AnswerAtHand;
  private readonly known: AnswerAtHand;
  private readonly tag: string | undefined;

  constructor({ status, headers, body }: RawResponse) {
    const all = Object.entries(answerHeaders(headers)).flatMap(([name, value]) => [value].flat().flatMap((each) => [name, each]));
    this.whole = { status, headers: all, body: isUtf8(body) ? body.toString() : body, length: body.length };
    this.known = { status: 304, headers: all, body: '', length: 0 };
    this.tag = typeof headers.etag === 'string' ? headers.etag : undefined;
  }

  /** 304 for a client that has it already. */
  for(ifNoneMatch: string | undefined): AnswerAtHand {
    return names(ifNoneMatch, this.tag) ? this.known : this.whole;
  }
}
