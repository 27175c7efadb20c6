/** What the variables of OpenTelemetry ask for; the SDK reads the others itself. */
export interface TraceSettings {
  readonly isWanted: boolean;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Of the collector, for messages. */
  readonly endpoint: string;
  /** The variable that names it, or that may. */
  readonly endpointKey: string;
  readonly problems: readonly string[];
}

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const DEFAULT_ENDPOINT = 'http://localhost:4318';
const SAMPLERS = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);
const PROTOCOL_KEYS = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];

/** Traces are exported if an endpoint or the exporter `otlp` is set, and nothing turns them off. */
export function traceSettings(env: NodeJS.ProcessEnv): TraceSettings {
  const isDisabled = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  const exporter = env['OTEL_TRACES_EXPORTER']?.trim() ?? '';
  const hasEndpoint = ENDPOINTS.some((key) => (env[key] ?? '') !== '');
  const isWanted = !isDisabled && (exporter === 'otlp' || (exporter === '' && hasEndpoint));
  const problems: string[] = [];
  if (!isDisabled && !['', 'otlp', 'none'].includes(exporter)) {
    problems.push(`OTEL_TRACES_EXPORTER must be otlp or none, not '${exporter}'`);
  }
  const key = PROTOCOL_KEYS.find((each) => (env[each] ?? '') !== '');
  const text = key === undefined ? 'http/protobuf' : env[key];
  const protocol = PROTOCOLS.find((each) => each === text);
  if (isWanted && protocol === undefined) {
    problems.push(`${key} must be ${PROTOCOLS.join(' or ')}, not '${text}'`);
  }
  const endpointKey = ENDPOINTS.find((each) => (env[each] ?? '') !== '') ?? 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const endpoint = env[endpointKey] || DEFAULT_ENDPOINT;
  if (isWanted && !isHttp(endpoint)) {
    problems.push(`${endpointKey} must be a URL that starts with http:// or https://, not '${endpoint}'`);
  }
  const sampler = env['OTEL_TRACES_SAMPLER'] ?? '';
  if (isWanted && sampler !== '' && !SAMPLERS.includes(sampler)) {
    problems.push(`OTEL_TRACES_SAMPLER must be one of ${SAMPLERS.join(', ')}, not '${sampler}'`);
  }
  return { isWanted, protocol: protocol ?? 'http/protobuf', endpoint, endpointKey, problems };
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
