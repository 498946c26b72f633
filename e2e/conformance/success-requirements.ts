/** What a receiver takes, and what it says when it took it. */
import { gzipSync } from 'node:zlib';
import { newIds, now, oneItem, protobufOf, SIGNALS, span, tracesJson } from './messages';
import {
  ENCODINGS,
  fullSuccess,
  must,
  NotApplicable,
  post,
  type Requirement,
  refusal,
  success,
} from './requirement';

export const SUCCESS_REQUIREMENTS: readonly Requirement[] = [
  ...SIGNALS.flatMap((signal) => [
    {
      id: `${signal}.protobuf`,
      text: `binary protobuf on /v1/${signal} is answered with 200, and with protobuf`,
      async check(target) {
        fullSuccess(
          signal,
          'protobuf',
          await post(target, signal, 'protobuf', protobufOf(signal, oneItem(signal))),
        );
      },
    } satisfies Requirement,
    {
      id: `${signal}.json`,
      text: `JSON on /v1/${signal} is answered with 200, and with JSON`,
      async check(target) {
        fullSuccess(signal, 'json', await post(target, signal, 'json', JSON.stringify(oneItem(signal))));
      },
    } satisfies Requirement,
  ]),
  {
    id: 'media.parameters',
    text: 'parameters of the content type change nothing: application/json; charset=utf-8',
    async check(target) {
      const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };
      fullSuccess(
        'logs',
        'json',
        await post(target, 'logs', 'json', JSON.stringify(oneItem('logs')), headers),
      );
    },
  },
  {
    id: 'gzip',
    text: 'Content-Encoding gzip is taken with both encodings, in upper case too',
    async check(target) {
      for (const encoding of ENCODINGS) {
        const item = oneItem('traces');
        const plain = encoding === 'json' ? JSON.stringify(item) : protobufOf('traces', item);
        for (const name of ['gzip', 'GZIP']) {
          const answer = await post(target, 'traces', encoding, gzipSync(plain), {
            'Content-Encoding': name,
          });
          fullSuccess('traces', encoding, answer);
        }
      }
    },
  },
  {
    id: 'chunked',
    text: 'a body that does not say how long it is (chunked) is taken',
    async check(target) {
      const body = JSON.stringify(oneItem('logs'));
      fullSuccess(
        'logs',
        'json',
        await post(target, 'logs', 'json', body, { 'Transfer-Encoding': 'chunked' }),
      );
    },
  },
  {
    id: 'empty',
    text: 'a request without items is a success, in both encodings and of every signal',
    async check(target) {
      for (const signal of SIGNALS) {
        fullSuccess(signal, 'protobuf', await post(target, signal, 'protobuf', new Uint8Array(0)));
        fullSuccess(signal, 'json', await post(target, signal, 'json', '{}'));
      }
      fullSuccess('traces', 'json', await post(target, 'traces', 'json', JSON.stringify(tracesJson([]))));
    },
  },
  {
    id: 'success.body',
    text: 'on full success the response has no partial_success',
    async check(target) {
      const protobuf = await post(target, 'traces', 'protobuf', protobufOf('traces', oneItem('traces')));
      must(success('traces', 'protobuf', protobuf) === null, 'partial_success is set');
      const json = await post(target, 'traces', 'json', JSON.stringify(oneItem('traces')));
      must(success('traces', 'json', json) === null, 'partialSuccess is set');
    },
  },
  {
    id: 'partial',
    text: 'items that cannot be taken are counted exactly in partial_success, with a reason, and the others are taken',
    async check(target) {
      for (const encoding of ENCODINGS) {
        const good = span();
        const bad = [span({ traceId: 'abcd' }), span({ spanId: '' })];
        const json = tracesJson([bad[0] as object, good, bad[1] as object]);
        const body = encoding === 'json' ? JSON.stringify(json) : protobufOf('traces', json);
        const answer = await post(target, 'traces', encoding, body);
        if (answer.status === 400) {
          refusal(encoding, answer, 400);
          throw new NotApplicable('it refuses the whole request');
        }
        const partial = success('traces', encoding, answer);
        if (partial === null) throw new NotApplicable('it takes spans without valid ids');
        must(
          partial.rejected === bad.length,
          `${bad.length} spans are invalid, ${partial.rejected} were rejected`,
        );
        must(partial.errorMessage !== '', 'no reason is given');
        if (target.readBack) {
          const held = await target.readBack(good.traceId);
          must(held.includes(good.spanId), 'the valid span is not there');
        }
      }
    },
  },
  {
    id: 'warning',
    text: 'what was taken and looks wrong is told as a message with no rejected items',
    async check(target) {
      const answer = await post(
        target,
        'traces',
        'json',
        JSON.stringify(
          tracesJson([span({ startTimeUnixNano: now(7_200_000), endTimeUnixNano: now(7_200_001) })]),
        ),
      );
      const partial = success('traces', 'json', answer);
      if (partial === null)
        throw new NotApplicable('it has nothing to say of a span that starts in two hours');
      must(partial.rejected === 0, `${partial.rejected} items were rejected`);
      must(partial.errorMessage !== '', 'partialSuccess is set and says nothing');
    },
  },
  {
    id: 'duplicate',
    text: 'a request that comes again, as after a lost answer, is a success again',
    async check(target) {
      const body = JSON.stringify(tracesJson([span(newIds())]));
      for (let time = 0; time < 2; time++)
        success('traces', 'json', await post(target, 'traces', 'json', body));
    },
  },
];
