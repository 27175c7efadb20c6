import { type BmcRequest } from '@ferrule/driver-kit';
import { onBmcRequest } from '@ferrule/driver-kit/host';
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/** The header of the client and the stored context of a job, as W3C's Trace Context. */
interface Carrier {
  readonly traceparent?: string | string[] | undefined;
  readonly tracestate?: string | string[] | undefined;
}

export interface Step {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * Spans of the service and of the requests to BMCs. Until `turnOn` everything here only calls the work, so that tracing
 * costs nothing while it is off.
 */
export class Spans {
  private tracer: Tracer | undefined;
  private unsubscribe = (): void => {};

  get isOn(): boolean {
    return this.tracer !== undefined;
  }

  /** Once the SDK is registered. */
  turnOn(): void {
    this.tracer = trace.getTracer('ferrule');
    this.unsubscribe = onBmcRequest((request) => this.record(request));
  }

  turnOff(): void {
    this.tracer = undefined;
    this.unsubscribe();
  }

  /**
   * A request of a client, whose trace is continued. The caller ends the span.
   * @param startTime milliseconds since 1970.
   */
  request<T>(
    carrier: Carrier,
    { name, attributes, startTime }: Step & { readonly startTime: number },
    work: (span: Span | undefined) => T,
  ): T {
    if (this.tracer === undefined) return work(undefined);
    const parent = propagation.extract(ROOT_CONTEXT, carrier);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes, startTime }, parent);
    return context.with(trace.setSpan(parent, span), () => work(span));
  }

  /** A job, in the trace of the request that accepted it, with a link to what carried it here. */
  async job<T>(traceparent: string | null, step: Step, work: () => Promise<T>): Promise<T> {
    if (this.tracer === undefined) return work();
    const parent = traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
    const carrier = trace.getSpanContext(context.active());
    const options = {
      kind: SpanKind.CONSUMER,
      attributes: step.attributes,
      links: carrier === undefined ? [] : [{ context: carrier }],
    };
    return settled(this.tracer.startSpan(step.name, options, parent), parent, work);
  }

  /** A part of what runs now. */
  async step<T>(step: Step, work: () => Promise<T>): Promise<T> {
    if (this.tracer === undefined) return work();
    return settled(this.tracer.startSpan(step.name, { attributes: step.attributes }), context.active(), work);
  }

  /** A request to another process. @param work gets the headers by which that process continues this trace. */
  async outgoing<T>(
    { name, attributes }: Step,
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    if (this.tracer === undefined) return work({});
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
    return settled(span, context.active(), () => {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      return work(headers);
    });
  }

  /** As `step`, for work that begins at once and ends with a promise that it returns beside others. */
  begin<T>(stepOf: () => Step, work: () => T, endOf: (result: T) => Promise<unknown>): T {
    if (this.tracer === undefined) return work();
    const step = stepOf();
    const span = this.tracer.startSpan(step.name, { attributes: step.attributes });
    const result = context.with(trace.setSpan(context.active(), span), work);
    endOf(result).then(
      () => span.end(),
      (error: unknown) => endWith(span, error),
    );
    return result;
  }

  /** For work of many requests, which belongs to none of them. */
  outside<T>(work: () => T): T {
    return this.tracer === undefined ? work() : context.with(ROOT_CONTEXT, work);
  }

  /** Adds to the span of what runs now. */
  note(attributes: Attributes): void {
    if (this.tracer !== undefined) trace.getActiveSpan()?.setAttributes(attributes);
  }

  /** Of what runs now, as W3C's traceparent. */
  get traceparent(): string | null {
    if (this.tracer === undefined) return null;
    const carrier: { traceparent?: string } = {};
    propagation.inject(context.active(), carrier);
    return carrier.traceparent ?? null;
  }

  /** Of what runs now; undefined while tracing is off. */
  get traceId(): string | undefined {
    return this.tracer && trace.getSpanContext(context.active())?.traceId;
  }

  /** Only within a call: a logout in the background is no part of a trace. */
  private record({
    protocol,
    vendor,
    operation,
    outcome,
    milliseconds,
    address,
    resource,
    status,
  }: BmcRequest): void {
    if (trace.getSpan(context.active()) === undefined) return;
    const end = Date.now();
    const span = this.tracer?.startSpan(`${protocol} ${operation}`, {
      kind: SpanKind.CLIENT,
      startTime: end - milliseconds,
      attributes: {
        'server.address': address,
        'ferrule.bmc.protocol': protocol,
        'ferrule.bmc.vendor': vendor,
        'ferrule.bmc.outcome': outcome,
        ...(resource !== undefined && { 'url.path': resource }),
        ...(status !== undefined && { 'http.response.status_code': status }),
      },
    });
    if (outcome !== 'ok') span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    span?.end(end);
  }
}

/** One for the process, as the SDK is. */
export const spans = new Spans();

async function settled<T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> {
  try {
    const result = await context.with(trace.setSpan(parent, span), work);
    span.end();
    return result;
  } catch (error) {
    endWith(span, error);
    throw error;
  }
}

/** Without the message, which may quote what a client or a BMC sent. */
function endWith(span: Span, error: unknown): void {
  const type = error instanceof Error ? error.name : 'Error';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
  span.end();
}
