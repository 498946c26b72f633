/**
 * Takes credentials out of a configuration, or out of a text, before it is shown, stored, logged or sent on. What is left has the
 * same shape. Rather too much than too little: what cannot be told from a credential is taken for one.
 *
 *   by name     password, client_secret, apiKey …: everything below is hidden; `{name: API_KEY, value: …}` likewise
 *   by place    everything under headers
 *   by shape    the user of a URL, secrets in its query, Bearer and Basic, private keys, tokens of well-known make
 *
 * References (`${env:NAME}`), booleans and empty texts stay: they say where a secret comes from, and are none.
 */
export const REDACTED = '[redacted]';
const CIRCULAR = '[circular]';
const MAX_DEPTH = 64;

const SECRET_WORD =
  /^(authorization|password|passwd|passphrase|pwd|secret|token|credential|cookie|bearer|apikey|dsn|jwt|signature|sas)s?$/;
/** What makes a secret of a key, as in `api_key`; a key of a map or a partition is none. */
const SECRET_KEY_OF =
  /^(api|access|private|client|license|account|shared|encryption|signing|ingest|ingestion|instrumentation|application|app|master|storage|service|ssh)$/;
/** `token_url` and `password_file` say where to get it. Their text is still looked through. */
const WHERE_WORD = /^(url|uri|endpoint|file|path|filename)$/;
const HEADERS_NAME = /(^|[_-])headers$|Headers$/i;
const REFERENCE = /^\$\{[A-Za-z0-9_:.-]+\}$/;

/** Hears of each text that is hidden. */
type OnSecret = (secret: string) => void;

export function redactSecrets(value: unknown): unknown {
  return redactor(() => undefined).value(value, false, 0);
}

export function redactText(text: string): string {
  return redactInText(text, () => undefined);
}

/** The texts that redaction hides in a value, to be kept out of messages that may quote it. In memory only. */
export function secretsIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  redactor((secret) => {
    found.add(secret);
    // `Bearer abc` is quoted without its scheme, a key line by line.
    for (const part of secret.split(/\s+/)) if (!SCHEME_NAME.test(part)) found.add(part);
  }).value(value, false, 0);
  return found;
}

/** Shorter ones stand in any text by chance. */
const MIN_QUOTED = 4;

/** A text, of an engine that may quote its configuration, without the secrets of that configuration. */
export function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  const longestFirst = [...secrets]
    .filter((one) => one.length >= MIN_QUOTED)
    .sort((a, b) => b.length - a.length);
  const clean = longestFirst.reduce((left, secret) => left.replaceAll(secret, REDACTED), text);
  return redactText(clean);
}

/** True where what stands under this name is not to be shown. */
export function isSecretKey(name: string): boolean {
  if (HEADERS_NAME.test(name)) return true;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (WHERE_WORD.test(words.at(-1) ?? '')) return false;
  return words.some((word, index) => {
    if (SECRET_WORD.test(word)) return true;
    const next = words[index + 1] ?? '';
    if (/^keys?$/.test(next) && SECRET_KEY_OF.test(word)) return true;
    return (word === 'key' && next === 'pem') || (word === 'connection' && next === 'string');
  });
}

function redactor(onSecret: OnSecret) {
  /** Aliases of YAML make one object stand in many places, or in itself. */
  const done = [new WeakMap<object, unknown>(), new WeakMap<object, unknown>()] as const;
  const open = new Set<object>();

  const scalar = (value: unknown, secret: boolean): unknown => {
    if (typeof value === 'string') {
      if (!secret) return redactInText(value, onSecret);
      if (value === '' || REFERENCE.test(value)) return value;
      onSecret(value);
      return REDACTED;
    }
    if (!secret || (typeof value !== 'number' && typeof value !== 'bigint')) return value;
    onSecret(String(value));
    return REDACTED;
  };
  const entries = (value: object, secret: boolean, depth: number): unknown => {
    const entry = value as Readonly<Record<string, unknown>>;
    const name = entry.name ?? entry.key;
    const named = typeof name === 'string' && isSecretKey(name);
    return Object.fromEntries(
      Object.entries(entry).map(([key, inner]) => [
        redactInText(key, onSecret),
        redact(inner, secret || isSecretKey(key) || (named && key === 'value'), depth + 1),
      ]),
    );
  };
  const redact = (value: unknown, secret: boolean, depth: number): unknown => {
    if (typeof value !== 'object' || value === null) return scalar(value, secret);
    if (open.has(value)) return CIRCULAR;
    if (depth > MAX_DEPTH) return REDACTED;
    const known = done[secret ? 1 : 0].get(value);
    if (known !== undefined) return known;
    open.add(value);
    const clean = Array.isArray(value)
      ? value.map((element) => redact(element, secret, depth + 1))
      : entries(value, secret, depth);
    open.delete(value);
    done[secret ? 1 : 0].set(value, clean);
    return clean;
  };
  return { value: redact };
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const URL_USER = /([a-z][a-z0-9+.-]*:\/\/)([^\s"'`<>?#]*)@/gi;
const SCHEME_NAME = /^(bearer|basic)$/i;
const SCHEME = /\b(bearer|basic)\s+([A-Za-z0-9._~+/=:-]+)/gi;
/** `name=` or `name: `, as in a query, a command line, a header or JSON; what is assigned follows it. */
const NAME = /([A-Za-z][\w.-]*)["']?\s*[=:]\s*["']?/g;
const ASSIGNED = /[^\s"'&;,#}\])]+/y;
const WELL_KNOWN =
  /\b(eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{8,}|sk-[\w-]{20,}|AIza[\w-]{30,})/g;

function redactInText(text: string, onSecret: OnSecret): string {
  // Nearly all texts of a configuration hold none of what the patterns begin with.
  if (!/[=:@]|bearer|basic|eyJ|A[KS]IA|_|-|AIza/i.test(text)) return text;
  const hide = (secret: string) => {
    onSecret(secret);
    return REDACTED;
  };
  const schemes = text
    .replace(PRIVATE_KEY, (key) => hide(key))
    .replace(URL_USER, (whole, scheme: string, user: string) => {
      if (user === REDACTED) return whole;
      // The password alone may be quoted elsewhere.
      const colon = user.indexOf(':');
      if (colon >= 0) onSecret(user.slice(colon + 1));
      return `${scheme}${hide(user)}@`;
    })
    .replace(SCHEME, (whole, scheme: string, credential: string) => {
      if (/^basic$/i.test(scheme) && !isBasicCredential(credential)) return whole;
      return `${scheme} ${hide(credential)}`;
    });
  return withoutAssigned(schemes, hide).replace(WELL_KNOWN, (token) => hide(token));
}

function withoutAssigned(text: string, hide: (secret: string) => string): string {
  let out = '';
  let from = 0;
  for (const match of text.matchAll(NAME)) {
    const at = match.index + match[0].length;
    if (match.index < from || !isNamedSecret(match[1] ?? '')) continue;
    ASSIGNED.lastIndex = at;
    const value = ASSIGNED.exec(text)?.[0] ?? '';
    const isHidden = value.startsWith(REDACTED.slice(0, -1));
    if (value === '' || isHidden || SCHEME_NAME.test(value) || REFERENCE.test(`${value}}`)) continue;
    out += text.slice(from, at) + hide(value);
    from = at + value.length;
  }
  return out + text.slice(from);
}

/** In the query of a URL names are shorter. */
function isNamedSecret(name: string): boolean {
  return isSecretKey(name) || /^(sig|auth|key)$/i.test(name);
}

/** `basic authentication` is no credential. */
function isBasicCredential(text: string): boolean {
  return Buffer.from(text, 'base64').includes(':') || /[\d=]/.test(text) || text.length > 20;
}
