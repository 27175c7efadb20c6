import { traceSettings } from './trace-settings.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('traceSettings', () => {
  it.each([
    ['nothing is set', {}, false],
    ['an endpoint is set', ENDPOINT, true],
    ['an endpoint for traces is set', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/v1/traces' }, true],
    ['the exporter is otlp', { OTEL_TRACES_EXPORTER: 'otlp' }, true],
    ['the exporter is none', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
    ['the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }, false],
    ['the variables are empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' }, false],
  ])('if %s', (_what, env, isWanted) => {
    expect(traceSettings(env)).toMatchObject({ isWanted, protocol: 'http/protobuf', problems: [] });
  });

  it('names the endpoint, and the variable that has it or may have it', () => {
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/v1/traces' };
    expect(traceSettings({ ...ENDPOINT, ...own })).toMatchObject({
      endpoint: 'http://a/v1/traces',
      endpointKey: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    });
    expect(traceSettings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toMatchObject({
      endpoint: 'http://localhost:4318',
      endpointKey: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    });
  });

  it('takes the protocol for traces before the one for all', () => {
    const env = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    expect(traceSettings(env).protocol).toBe('http/json');
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, "OTEL_TRACES_EXPORTER must be otlp or none, not 'zipkin'"],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json, not 'grpc'",
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      "OTEL_EXPORTER_OTLP_ENDPOINT must be a URL that starts with http:// or https://, not 'collector:4318'",
    ],
    [
      { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'foo' },
      "OTEL_TRACES_SAMPLER must be one of always_on, parentbased_always_on, always_off, parentbased_always_off, traceidratio, parentbased_traceidratio, not 'foo'",
    ],
  ])('refuses %j', (env, problem) => expect(traceSettings(env).problems).toEqual([problem]));
});
