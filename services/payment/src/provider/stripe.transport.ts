import type { HttpClient } from '@emporium/http-client';
import Stripe from 'stripe';

/**
 * Lets the SDK speak through our own client: one breaker, one bulkhead, one deadline, a call that is really aborted.
 * The SDK's own client sends a call again when the connection closed, even with its retries off; this one never does.
 */
export class StripeTransport extends Stripe.HttpClient {
  constructor(private readonly http: HttpClient) {
    super();
  }

  override getClientName(): string {
    return 'emporium';
  }

  override async makeRequest(
    _host: string,
    _port: string,
    path: string,
    method: string,
    headers: Record<string, string | number | string[]>,
    body: string,
    _protocol: string,
    // The client's own limit holds: it may change, the SDK's is fixed when it is made.
    _timeoutMs: number,
  ): Promise<InstanceType<typeof Stripe.HttpClientResponse>> {
    const answer = await this.http.request({
      method,
      path,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]),
      ),
      ...(body && { body }),
    });
    return new StripeAnswer(answer.status, flat(answer.headers), answer.body);
  }
}

class StripeAnswer extends Stripe.HttpClientResponse {
  constructor(
    status: number,
    headers: Record<string, string>,
    private readonly body: Buffer,
  ) {
    super(status, headers);
  }

  override getRawResponse(): object {
    return { statusCode: this.getStatusCode(), headers: this.getHeaders() };
  }

  override async toJSON(): Promise<unknown> {
    const answer: unknown = JSON.parse(this.body.toString('utf8'));
    // The SDK hangs on a body that is no object, and its rejection is nobody's: it would end the process.
    if (typeof answer !== 'object' || answer === null) throw new Error(`status ${this.getStatusCode()} without an object`);
    // It takes a body without `error` for a success, whatever the status: a proxy's 503 must not look like one.
    if (this.getStatusCode() >= 400 && !('error' in answer)) throw new Error(`status ${this.getStatusCode()} without an error`);
    return answer;
  }
}

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
