import { expect } from 'vitest';

interface Answered {
  readonly status: number;
  readonly headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** The answer is a refusal as the contract words it: 4xx or a clean 503/504, problem+json, every member there. */
export function expectProblem(answer: Answered, status?: number): Problem {
  expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
  expect(answer.status, answer.text).not.toBeOneOf([500, 502]);
  if (status !== undefined) expect(answer.status, answer.text).toBe(status);
  expect(headerOf(answer, 'content-type')).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(answer.text);
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^https:\/\/\S+$/),
    title: expect.stringMatching(/./),
    status: answer.status,
    detail: expect.stringMatching(/./),
    instance: expect.any(String),
    requestId: headerOf(answer, 'x-request-id'),
    code: expect.stringMatching(/^[a-z0-9-]+$/),
  });
  return problem;
}

/** A 400 that names what is bad; given a field, only that one or what is in it. */
export function expectBadField(answer: Answered, field?: string): void {
  const { errors = [] } = expectProblem(answer, 400);
  expect(errors.length, answer.text).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error.message).not.toBe('');
    if (field !== undefined) expect(`${error.field}.`, answer.text).toSatisfy((name: string) => name.startsWith(`${field}.`));
  }
}

/** Checks all cases at once; a failure says which of them it was. */
export async function forEach<Case extends { readonly name: string }>(
  cases: readonly Case[],
  check: (each: Case) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    cases.map(async (each) => {
      try {
        await check(each);
      } catch (error) {
        throw new Error(`${each.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }),
  );
}

const headerOf = ({ headers }: Answered, name: string) => (headers instanceof Headers ? headers.get(name) : headers[name]);
