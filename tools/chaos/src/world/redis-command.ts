import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends Redis one command, past the links, as a plain line, which Redis takes from anybody. Returns its answer as it came; throws for a refusal. */
export async function redisCommand(redisUrl: string, line: string): Promise<string> {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.end(`${line}\r\n`);
  const answer = await text(socket);
  if (answer.startsWith('-')) throw new Error(`Redis refuses ${line}: ${answer.trim()}`);
  return answer;
}
