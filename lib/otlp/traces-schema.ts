import { RESOURCE, SCOPE } from './common-schema';
import { enumeration, many, message, one, repeatedScalar, scalar } from './schema';
import type { OtlpSpan, OtlpSpanEvent, OtlpSpanLink, TracesData } from './types';

type ResourceSpans = TracesData['resourceSpans'][number];
type ScopeSpans = ResourceSpans['scopeSpans'][number];

const SPAN_KINDS = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
};
const STATUS_CODES = { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 };

export const EVENT = message<OtlpSpanEvent>({
  timeUnixNano: scalar(1, 'fixed64'),
  name: scalar(2, 'string'),
  attributes: repeatedScalar(3, 'keyValue'),
  droppedAttributesCount: scalar(4, 'uint32'),
});

export const LINK = message<OtlpSpanLink>({
  traceId: scalar(1, 'hex'),
  spanId: scalar(2, 'hex'),
  traceState: scalar(3, 'string'),
  attributes: repeatedScalar(4, 'keyValue'),
  droppedAttributesCount: scalar(5, 'uint32'),
  flags: scalar(6, 'fixed32'),
});

const STATUS = message<NonNullable<OtlpSpan['status']>>({
  message: scalar(2, 'string'),
  code: enumeration(3, STATUS_CODES),
});

export const SPAN = message<OtlpSpan>({
  traceId: scalar(1, 'hex'),
  spanId: scalar(2, 'hex'),
  traceState: scalar(3, 'string'),
  parentSpanId: scalar(4, 'hex'),
  flags: scalar(16, 'fixed32'),
  name: scalar(5, 'string'),
  kind: enumeration(6, SPAN_KINDS),
  startTimeUnixNano: scalar(7, 'fixed64'),
  endTimeUnixNano: scalar(8, 'fixed64'),
  attributes: repeatedScalar(9, 'keyValue'),
  droppedAttributesCount: scalar(10, 'uint32'),
  events: many(11, EVENT),
  droppedEventsCount: scalar(12, 'uint32'),
  links: many(13, LINK),
  droppedLinksCount: scalar(14, 'uint32'),
  status: one(15, STATUS),
});

export const TRACES_DATA = message<TracesData>({
  resourceSpans: many(
    1,
    message<ResourceSpans>({
      resource: one(1, RESOURCE),
      scopeSpans: many(
        2,
        message<ScopeSpans>({ scope: one(1, SCOPE), spans: many(2, SPAN), schemaUrl: scalar(3, 'string') }),
      ),
      schemaUrl: scalar(3, 'string'),
    }),
  ),
});
