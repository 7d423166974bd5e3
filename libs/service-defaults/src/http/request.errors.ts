import { AppError, type FieldError } from '@emporium/errors';

/** A name, or a message about one, comes from the client and may be a megabyte long. */
const readable = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max)}…` : text).toWellFormed();

const mostErrors = 50;

/** A 400 that names each bad field; of more than fifty the first fifty. */
export function badFields(errors: readonly FieldError[]): AppError {
  const named = errors
    .slice(0, mostErrors)
    .map(({ field, message }) => ({ field: readable(field, 200), message: readable(message, 300) }));
  const [first] = named;
  const detail = first === undefined ? 'The request is not valid.' : `The field ${first.field}: ${first.message}.`;
  return new AppError('invalid', 'invalid-request', detail.replace(/\.\.$/, '.'), { errors: named });
}

export const malformedUrl = () => new AppError('invalid', 'malformed-url', 'The address of the request is not valid.');

export const hostMissing = () => new AppError('invalid', 'host-missing', 'A request must name its host.');

export const malformedJson = () => badFields([{ field: 'body', message: 'must be valid JSON in UTF-8' }]);

export const unsupportedContentType = () =>
  new AppError('unsupported-media-type', 'unsupported-media-type', 'The body must be JSON: content-type application/json.');

export const bodyTooLarge = (bytes: number) =>
  new AppError('too-large', 'body-too-large', `The body must not be larger than ${bytes} bytes.`);

export const noSuchRoute = () => new AppError('not-found', 'no-such-route', 'There is nothing at this address.');

export const methodNotAllowed = (allowed: readonly string[]) =>
  new AppError('method-not-allowed', 'method-not-allowed', `This address takes ${allowed.join(', ')}.`);

export const serviceTokenRequired = () =>
  new AppError('unauthenticated', 'service-token-required', 'This service is called by other services only.');

export const callerNotAllowed = (caller: string) =>
  new AppError('forbidden', 'caller-not-allowed', `The service ${caller} may not call this.`);

export const tokenRequired = () => new AppError('unauthenticated', 'token-required', 'This needs a signed-in user.');

export const roleNotAllowed = () => new AppError('forbidden', 'role-not-allowed', 'This is not for your role.');
