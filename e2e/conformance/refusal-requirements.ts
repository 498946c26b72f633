/** What a receiver refuses, how it says so, and that it says so before it has read more than it needs. */
import { gzipSync } from 'node:zlib';
import { announce, exchange, MEDIA } from './exchange';
import { type Encoding, oneItem, protobufOf } from './messages';
import { ENCODINGS, fullSuccess, must, NotApplicable, post, type Requirement, refusal } from './requirement';

/** More than any receiver's limit is likely to be. */
const FAR_TOO_LARGE = 1024 * 1024 * 1024;
const BOMB_BYTES = 300 * 1024 * 1024;
/** What each held-back request says it is long, and how many of them are opened at most. */
const HELD_BACK_BYTES = 8 * 1024 * 1024;
const MAX_HELD_BACK = 400;
const AT_ONCE = 16;
const INVALID_ARGUMENT = 3;

export const REFUSAL_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'malformed',
    text: 'what is no OTLP is answered with 400 and a google.rpc.Status of code INVALID_ARGUMENT, in the request’s encoding',
    async check(target) {
      const protobuf = await post(target, 'traces', 'protobuf', Uint8Array.of(0xff, 0xff, 0xff, 0xff));
      must(refusal('protobuf', protobuf, 400).code === INVALID_ARGUMENT, 'another code');
      for (const text of ['{"resourceSpans": [', '{"resourceSpans": 5}', 'null', '[]', '']) {
        const answer = await post(target, 'traces', 'json', text);
        must(refusal('json', answer, 400).code === INVALID_ARGUMENT, `another code for ${text}`);
      }
    },
  },
  {
    id: 'malformed.gzip',
    text: 'a body that is not the gzip that it says it is, is answered with 400',
    async check(target) {
      const whole = gzipSync(JSON.stringify(oneItem('logs')));
      for (const body of [Buffer.from('no gzip'), whole.subarray(0, whole.length - 9)])
        refusal('json', await post(target, 'logs', 'json', body, { 'Content-Encoding': 'gzip' }), 400);
    },
  },
  {
    id: 'too-large',
    text: 'a request that says it is too large is answered with 413 before its body is sent',
    async check(target) {
      for (const encoding of ENCODINGS) {
        const { answer, hangUp } = announce(
          `${target.url}/v1/traces`,
          { 'Content-Type': MEDIA[encoding] },
          FAR_TOO_LARGE,
        );
        try {
          refusal(encoding, await answer, 413);
        } finally {
          hangUp();
        }
      }
    },
  },
  {
    id: 'too-large.unpacked',
    text: 'a small request that unpacks to one too large is answered with 413',
    async check(target) {
      const bomb = gzipSync(Buffer.alloc(BOMB_BYTES), { level: 1 });
      for (const encoding of ENCODINGS)
        refusal(encoding, await post(target, 'traces', encoding, bomb, { 'Content-Encoding': 'gzip' }), 413);
    },
  },
  {
    id: 'method',
    text: 'other methods than POST are answered with 405 and Allow',
    async check(target) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await exchange(`${target.url}/v1/traces`, { method });
        must(answer.status === 405, `${method} is answered with ${answer.status}`);
        must(/\bPOST\b/.test(answer.headers.allow ?? ''), 'Allow does not name POST');
      }
    },
  },
  {
    id: 'media',
    text: 'another content type, or none, is answered with 415',
    async check(target) {
      const types: readonly Readonly<Record<string, string>>[] = [{ 'Content-Type': 'text/plain' }, {}];
      for (const headers of types) {
        const answer = await exchange(`${target.url}/v1/traces`, { headers, body: 'x' });
        must(answer.status === 415, `answered ${answer.status}`);
      }
    },
  },
  {
    id: 'content-encoding',
    text: 'a content encoding that is not known is answered with 415',
    async check(target) {
      for (const encoding of ENCODINGS)
        refusal(
          encoding,
          await post(target, 'traces', encoding, 'x', { 'Content-Encoding': 'x-none-such' }),
          415,
        );
    },
  },
  {
    id: 'path',
    text: 'another path is answered with 404, and with a google.rpc.Status where it was asked in OTLP’s encodings',
    async check(target) {
      for (const encoding of ENCODINGS) {
        const answer = await exchange(`${target.url}/v1/nothing`, {
          headers: { 'Content-Type': MEDIA[encoding] },
          body: encoding === 'json' ? '{}' : new Uint8Array(0),
        });
        refusal(encoding, answer, 404);
      }
    },
  },
  {
    id: 'pressure',
    text: 'under pressure a request is refused with 429 or 503 and Retry-After, before its body is sent; soon after it is taken',
    async check(target) {
      for (const encoding of ENCODINGS) await checkPressure(target.url, encoding);
      const body = protobufOf('traces', oneItem('traces'));
      fullSuccess('traces', 'protobuf', await post(target, 'traces', 'protobuf', body));
    },
  },
];

/** Requests that announce a body and keep it back, until one is refused. */
async function checkPressure(url: string, encoding: Encoding): Promise<void> {
  const held: ReturnType<typeof announce>[] = [];
  try {
    while (held.length < MAX_HELD_BACK) {
      for (let i = 0; i < AT_ONCE; i++)
        held.push(announce(`${url}/v1/traces`, { 'Content-Type': MEDIA[encoding] }, HELD_BACK_BYTES));
      const first = await Promise.race([...held.map(({ answer }) => answer), patience()]);
      if (first === null) continue;
      const status = refusal(encoding, first, 429, 503);
      must(
        /^\d+$/.test(first.headers['retry-after'] ?? ''),
        'Retry-After is missing or no number of seconds',
      );
      must(status.retryInfo, 'the status has no RetryInfo');
      return;
    }
    throw new NotApplicable(
      `${MAX_HELD_BACK} open requests of ${HELD_BACK_BYTES} bytes are no pressure to it`,
    );
  } finally {
    for (const { hangUp } of held) hangUp();
  }
}

/** How long a refusal may take to come before more requests are opened. */
function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), 100));
}
