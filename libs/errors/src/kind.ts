const statuses = {
  invalid: 400,
  unauthenticated: 401,
  'payment-declined': 402,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  'too-many-requests': 429,
  'headers-too-large': 431,
  unavailable: 503,
  timeout: 504,
} as const;

/** What sort of failure it is; decides the HTTP status and nothing else. */
export type ErrorKind = keyof typeof statuses;

const titles: Record<ErrorKind, string> = {
  invalid: 'Bad Request',
  unauthenticated: 'Unauthorized',
  'payment-declined': 'Payment Required',
  forbidden: 'Forbidden',
  'not-found': 'Not Found',
  'method-not-allowed': 'Method Not Allowed',
  conflict: 'Conflict',
  gone: 'Gone',
  'precondition-failed': 'Precondition Failed',
  'too-large': 'Content Too Large',
  'unsupported-media-type': 'Unsupported Media Type',
  unprocessable: 'Unprocessable Content',
  'too-many-requests': 'Too Many Requests',
  'headers-too-large': 'Request Header Fields Too Large',
  unavailable: 'Service Unavailable',
  timeout: 'Gateway Timeout',
};

const kinds = new Map<number, ErrorKind>();
for (const kind of Object.keys(statuses) as ErrorKind[]) kinds.set(statuses[kind], kind);

/** Every kind, for tests that must cover all of them. */
export const errorKinds: readonly ErrorKind[] = [...kinds.values()];

/** The HTTP status of a kind: 400 to 504. There is none for 500: what is not foreseen has no kind. */
export const statusOf = (kind: ErrorKind): number => statuses[kind];

/** The kind of an HTTP status; undefined for success, redirects, 500, 502 and every status no kind stands for. */
export const kindOfStatus = (status: number): ErrorKind | undefined => kinds.get(status);

/** The HTTP reason phrase of a kind (RFC 9110), used as the problem's title. */
export const titleOf = (kind: ErrorKind): string => titles[kind];
