/** An answer whose status or headers depend on what happened. Returned by a controller method in place of the body. */
export class Answer<Body = unknown> {
  constructor(
    readonly status: number,
    readonly body: Body,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** `return answer(202, order, { location: '/v1/orders/…' })`. A body of undefined sends none. */
export const answer = <Body>(status: number, body: Body, headers?: Record<string, string>): Answer<Body> =>
  new Answer(status, body, headers);
