import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { Collector } from '../support/collector.js';
import { type HttpClient } from '../support/http-client.js';
import { scrape } from '../support/metrics.js';
import { createNode } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const NAME = 'conductor.example';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = 'b7ad6b7169203331';

/** As in Kubernetes: the address is an IP address, and the certificate is for a name. */
describe('calls that are forwarded to a conductor with https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-https-'));
  const { certPem, keyPem } = selfSignedCertificate({ names: [NAME] });
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const certificate = file('tls.crt', certPem);
  let collector: Collector;
  let directory: DataDirectory;

  const api = (hostname: string, env: Readonly<Record<string, string>>): Promise<Service> =>
    directory.start({
      ...collector.env,
      ...env,
      FERRULE_HOSTNAME: hostname,
      FERRULE_ROLE: 'api',
      FERRULE_ENABLED_HARDWARE_TYPES: '',
    });
  const knows = (http: HttpClient) => async () =>
    (await http.get('/v1/drivers/fake-hardware')).status === 200;

  beforeAll(async () => {
    collector = await Collector.start();
    directory = await dataDirectory();
    directory.begin({
      ...collector.env,
      FERRULE_HOSTNAME: 'cond-a',
      FERRULE_TLS_CERT: certificate,
      FERRULE_TLS_KEY: file('tls.key', keyPem),
      FERRULE_CONDUCTOR_ADDRESS: '127.0.0.1',
    });
  });
  afterAll(async () => {
    await directory.dispose();
    collector.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['an unknown authority', {}, /not of an authority that FERRULE_CONDUCTOR_CA or Node trusts/],
    ['another name', { FERRULE_CONDUCTOR_CA: certificate }, /for other names than that in its FERRULE_COND/],
  ])('are 503 if its certificate is of %s, and the log says so', async (what, env, reason) => {
    const service = await api(what.replaceAll(' ', '-'), env);
    const { http } = service;
    await until(knows(http));
    const node = await createNode(http);
    const answer = await http.get(`/v1/nodes/${node}/vendor_passthru/echo`);
    expect(answer.expect(503).fault.faultstring).toMatch(/asked: cond-a\. Please retry/);
    expect(answer.text).not.toMatch(/127\.0\.0\.1|certificate/);
    await until(() => reason.test(service.log));
  });

  it('are made, counted, and in one trace of both processes', async () => {
    const { http } = await api('api', {
      FERRULE_CONDUCTOR_CA: certificate,
      FERRULE_CONDUCTOR_CERT_NAME: NAME,
    });
    await until(knows(http));
    const node = await createNode(http);
    const headers = { traceparent: `00-${TRACE}-${CLIENT}-01` };
    const path = `/v1/nodes/${node}/vendor_passthru/echo?a=1`;
    (await http.get(path, { headers })).expect(200);

    const route = 'GET /v1/nodes/:ident/vendor_passthru/:method';
    // A span of one process, of the passing on, and of the other process.
    await until(() => collector.tree(TRACE, CLIENT)[route]?.['forward']?.[route] !== undefined);
    const metrics = await scrape(http);
    expect(metrics.get('ferrule_forwarded_requests_total{outcome="answered"}')).toBe(1);
    expect(metrics.get('ferrule_forwarded_request_duration_seconds_count')).toBe(1);
  });
});
