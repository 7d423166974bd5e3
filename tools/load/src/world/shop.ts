/** The front door, for what has to be there before visitors come. */
export class Shop {
  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {}

  as(token: string): Shop {
    return new Shop(this.url, token);
  }

  get = <Body>(path: string): Promise<Body> => this.call<Body>('GET', path);
  post = <Body>(path: string, body: unknown): Promise<Body> => this.call<Body>('POST', path, body);

  async signIn({ email, password }: { email: string; password: string }): Promise<string> {
    return (await this.post<{ accessToken: string }>('/v1/auth/login', { email, password })).accessToken;
  }

  /** Throws when the answer is a refusal. */
  private async call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as Body;
  }
}
