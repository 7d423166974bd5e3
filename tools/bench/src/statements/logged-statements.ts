/** Begins each line of the server's log while statements are counted: `bench|database|`. */
export const LOG_PREFIX = 'bench|%d|';

export interface LoggedStatement {
  readonly database: string;
  readonly text: string;
}

/** The statements in a log of PostgreSQL with `log_statement = all`. Lines of one statement but the first begin with a tab. */
export function loggedStatements(log: string): LoggedStatement[] {
  const entries = log.replaceAll('\n\t', ' ').split('\n');
  return entries.flatMap((entry) => {
    const [, database, text] = /^bench\|([^|]*)\|LOG: {2}(?:statement|execute [^:]+): (.*)$/.exec(entry) ?? [];
    return database === undefined || text === undefined ? [] : [{ database, text: text.replace(/\s+/g, ' ').trim() }];
  });
}

/** Begins or ends a transaction, and does nothing else. */
export const isTransactionControl = ({ text }: LoggedStatement): boolean =>
  /^(begin|start transaction|commit|end|rollback|savepoint|release|set local)\b/i.test(text);
