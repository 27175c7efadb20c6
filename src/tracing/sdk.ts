import { context, diag, DiagLogLevel, propagation, trace } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { version } from '../config/version.js';
import { type Log } from '../logging/log.js';
import { throttled } from '../logging/throttled.js';
import { withLimit } from '../waiting/with-limit.js';
import { diagnosticText } from './diagnostic-text.js';
import { spans } from './spans.js';
import { type TraceSettings } from './trace-settings.js';

/** Milliseconds between two lines about a collector that is away. */
const COMPLAINT_INTERVAL = 60_000;

export interface TracingSdk {
  /**
   * Sends what is left. Never rejects.
   * @param limit milliseconds; what a collector that hangs has not taken by then is dropped.
   */
  stop(limit: number): Promise<void>;
}

/**
 * Imported only if traces are wanted. The SDK sends them in batches, beside the calls, and drops what does not fit its
 * queue.
 */
export async function startTracing(
  { protocol, endpoint }: Pick<TraceSettings, 'protocol' | 'endpoint'>,
  instance: string,
  log: Log,
): Promise<TracingSdk> {
  const complain = throttled(
    (message) => log.warn(`OpenTelemetry (${withoutUser(endpoint)}): ${message}`),
    COMPLAINT_INTERVAL,
  );
  const complainOf = (...said: readonly unknown[]): void => complain(diagnosticText(said));
  const ignore = (): void => {};
  diag.setLogger(
    { error: complainOf, warn: complainOf, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const own = { 'service.name': 'ferrule', 'service.version': version, 'service.instance.id': instance };
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes(own))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(await exporterOf(protocol))],
  });
  provider.register();
  spans.turnOn();
  return {
    stop: async (limit) => {
      spans.turnOff();
      for (const api of [trace, context, propagation]) api.disable();
      await withLimit(provider.shutdown(), limit, 'The collector of traces does not answer.').catch(
        (error: unknown) => log.warn(`Traces were dropped: ${String(error)}`),
      );
      diag.disable();
    },
  };
}

/** A URL may have a password. */
function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}

async function exporterOf(protocol: TraceSettings['protocol']): Promise<SpanExporter> {
  if (protocol === 'http/json') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return new OTLPTraceExporter();
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}
