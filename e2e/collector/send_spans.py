"""Sends spans by the unmodified Python SDK over gRPC: `send_spans.py <endpoint> <count>`. Prints how many it ended."""
import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

endpoint, count = sys.argv[1], int(sys.argv[2])
provider = TracerProvider(resource=Resource.create({"service.name": "python-app"}))
provider.add_span_processor(
    BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=True), max_queue_size=2 * count)
)
tracer = provider.get_tracer("e2e")
for index in range(count):
    tracer.start_span(f"work {index}").end()
provider.force_flush()
provider.shutdown()
print(count)
