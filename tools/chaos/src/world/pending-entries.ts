import { redisCommand } from './redis-command.ts';

/** How many entries a group has read and not acknowledged, whoever of it read them. */
export async function pendingEntries(redisUrl: string, stream: string, group: string): Promise<number> {
  const answer = await redisCommand(redisUrl, `XPENDING ${stream} ${group}`);
  const count = /^\*4\r\n:(\d+)\r\n/.exec(answer)?.[1];
  if (count === undefined) throw new Error(`Redis does not tell what is pending of ${stream} for ${group}: ${answer}`);
  return Number(count);
}
