import { text } from 'node:stream/consumers';

/** One request, run where the cluster's addresses answer: a JSON text in, a JSON text out. */
interface Question {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const { url, ...init } = JSON.parse(await text(process.stdin)) as Question;
const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
process.stdout.write(JSON.stringify({ status: answer.status, body: await answer.text() }));
