/** Methods of a repository that ask for a `Reader` only, in order: these alone can be given a replica. */
export function readersIn(text: string): string[] {
  return [...text.matchAll(/^ {2}(?:private )?(?:async )?(\w+)\(\s*\w+: Reader\b/gm)].map(([, name = '']) => name);
}

/** Whether a file gets at the replica: by naming the class, or a type that it fits. */
export const namesReplica = (text: string): boolean => /\b(Replica|ReadSource)\b/.test(text);
