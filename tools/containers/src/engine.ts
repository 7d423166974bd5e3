import { attempt } from './command.ts';

/** What the engine lacks for this test, in words for people; undefined when it can run it. */
export async function whatIsMissing(): Promise<string | undefined> {
  const needs = [
    { args: ['version', '--format', '{{.Server.Version}}'], what: 'a running Docker engine' },
    { args: ['compose', 'version'], what: "Docker's compose plug-in" },
    { args: ['buildx', 'version'], what: "Docker's buildx plug-in" },
  ];
  for (const { args, what } of needs) {
    if ((await attempt('docker', args)).code !== 0) return what;
  }
  return undefined;
}
