/**
 * Takes credentials out of a configuration before it is shown, stored, logged or sent: values under names that mean a
 * secret, everything under `headers`, and the user part of URLs. What is left has the same shape.
 */
export const REDACTED = '[redacted]';

const SECRET_NAME =
  /(^|[_.-])(authorization|password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|cookie)s?($|[_.-])|(Password|Secret|Token|ApiKey|AccessKey|PrivateKey)$/;
const HEADERS_NAME = /^(headers|additional_headers|metadata_headers)$/i;
/** `${env:NAME}` names a secret without being one. */
const REFERENCE = /^\$\{[A-Za-z0-9_:.-]+\}$/;

export function redactSecrets(value: unknown): unknown {
  return redact(value, false);
}

function redact(value: unknown, secret: boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => redact(element, secret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        redact(inner, secret || HEADERS_NAME.test(name) || SECRET_NAME.test(name)),
      ]),
    );
  }
  if (typeof value === 'string') {
    if (secret) return value === '' || REFERENCE.test(value) ? value : REDACTED;
    return redactUrl(value);
  }
  return secret && typeof value === 'number' ? REDACTED : value;
}

/** `https://user:word@host` without the user; other text as it is. */
export function redactUrl(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`);
}
