import { type BmcServer, selfSignedCertificate, startBmc } from '@ferrule/bmc-simulator';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { clientOf, failureOf, quickClients, targetOf, useBmc } from '../bmc.spec-support.js';
import {
  parseNetworks,
  RedfishConnectionError,
  RedfishRefusedAddressError,
  type RedfishPool,
} from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';

function names(...answers: LookupAddress[][]): { lookup: LookupFunction; asked: () => number } {
  let asked = 0;
  const lookup: LookupFunction = (_name, _options, callback) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
    callback(null, answer);
  };
  return { lookup, asked: () => asked };
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

describe('the address of a BMC', () => {
  const lab = useBmc();

  const port = (): string => new URL(lab.bmc.address).port;
  const named = async (): Promise<unknown> => {
    const url = `http://bmc.test:${port()}`;
    return lab.clients.client(targetOf(lab.bmc, { url })).get(SYSTEM);
  };

  it.each([
    'http://169.254.169.254',
    'http://169.254.169.254:8080/redfish/v1/',
    'http://0xA9FEA9FE',
    'http://2852039166',
    'http://[fe80::1]',
    'http://[fd00:ec2::254]',
    'http://[::ffff:169.254.169.254]',
    'http://[64:ff9b::a9fe:a9fe]',
  ])('%s is refused without being connected to', async (url) => {
    const error = await failureOf(lab.clients.client(targetOf(lab.bmc, { url })).get(SYSTEM));
    expect(error).toBeInstanceOf(RedfishRefusedAddressError);
    expect(error).toMatchObject({ code: 'refused-address' });
  });

  it('outside the configured networks is refused, inside it is used', async () => {
    await lab.reopen({ networks: parseNetworks('10.0.0.0/8') });
    expect(await failureOf(lab.client.get(SYSTEM))).toBeInstanceOf(RedfishRefusedAddressError);
    expect(lab.bmc.connections.total).toBe(0);
    await lab.reopen({ networks: parseNetworks('10.0.0.0/8, 127.0.0.0/8') });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });

  it('is checked after the name was resolved', async () => {
    await lab.reopen({ lookup: names([v4('169.254.169.254')]).lookup });
    expect(await failureOf(named())).toMatchObject({
      code: 'refused-address',
      message: 'bmc.test (169.254.169.254) is not an address this service may connect to.',
    });
    await lab.reopen({ lookup: names([v6('fd00:ec2::254')]).lookup });
    expect(await failureOf(named())).toBeInstanceOf(RedfishRefusedAddressError);
    await lab.reopen({ lookup: names([v4('127.0.0.1')]).lookup, networks: parseNetworks('192.0.2.0/24') });
    expect(await failureOf(named())).toBeInstanceOf(RedfishRefusedAddressError);
    expect(lab.bmc.connections.total).toBe(0);
  });

  it('is the allowed one where a name has several', async () => {
    await lab.reopen({ lookup: names([v4('169.254.169.254'), v6('fe80::1'), v4('127.0.0.1')]).lookup });
    expect(await named()).toMatchObject({ status: 200 });
  });

  it('is checked for every connection, also after the name has changed', async () => {
    const { lookup, asked } = names([v4('127.0.0.1')], [v4('169.254.169.254')]);
    await lab.reopen({ lookup });
    expect(await named()).toMatchObject({ status: 200 });
    lab.bmc.restart();
    await lab.bmc.waitFor(({ connections }) => connections.current === 0);
    expect(await failureOf(named())).toBeInstanceOf(RedfishRefusedAddressError);
    expect(asked()).toBeGreaterThan(1);
  });

  it('whose name does not resolve is reported without retries', async () => {
    let asked = 0;
    const lookup: LookupFunction = (name, _options, callback) => {
      asked += 1;
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '');
    };
    await lab.reopen({ lookup });
    expect(await failureOf(named())).toMatchObject({ code: 'connection', failure: 'name' });
    expect(asked).toBe(1);
  });
});

describe('TLS to a BMC', () => {
  let bmc: BmcServer;
  let clients: RedfishPool;
  const open = async (tls: Parameters<typeof startBmc>[0]): Promise<void> => {
    bmc = await startBmc(tls);
    clients = quickClients();
  };
  afterEach(async () => {
    await clients.close();
    await bmc.close();
  });

  const status = async (driverInfo: Record<string, unknown>): Promise<number> =>
    (await clientOf(clients, bmc, driverInfo).get(SYSTEM)).status;

  it('trusts only the given certificate', async () => {
    await open({ tls: true });
    expect(await status({ ca: bmc.caPem })).toBe(200);
    for (const ca of [undefined, selfSignedCertificate().certPem]) {
      const error = await failureOf(status({ ca }));
      expect(error).toBeInstanceOf(RedfishConnectionError);
      expect(error).toMatchObject({
        failure: 'tls',
        option: 'ca',
      });
    }
    expect(bmc.loginAttempts).toBe(1);
  });

  it('trusts any certificate if asked to', async () => {
    await open({ tls: { names: ['elsewhere.test'], notAfter: new Date(Date.now() - 1000) } });
    expect(await status({ verify: false })).toBe(200);
    expect(await failureOf(status({ ca: bmc.caPem }))).toMatchObject({ failure: 'tls' });
  });

  it('uses at least the given version', async () => {
    await open({ tls: { maxVersion: 'TLSv1.2' } });
    const trust = { ca: bmc.caPem };
    expect(await status({ ...trust, minVersion: '1.2' })).toBe(200);
    const error = await failureOf(status({ ...trust, minVersion: '1.3' }));
    expect(error).toMatchObject({ code: 'connection', failure: 'tls' });
  });

  it('reaches BMCs with old TLS only if asked to', async () => {
    await open({ tls: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } });
    expect(await failureOf(status({ verify: false }))).toMatchObject({ failure: 'tls' });
    expect(await status({ verify: false, minVersion: '1.1' })).toBe(200);
  });

  it('to a server without TLS fails with an error that says so', async () => {
    await open({});
    const url = bmc.address.replace('http:', 'https:');
    const error = await failureOf(status({ url }));
    expect(error).toMatchObject({ failure: 'tls' });
    expect(String(error)).toMatch(
      /: TLS failed \(ERR_SSL_\w+\)\. Does the BMC speak http there, without TLS\?$/,
    );
  });

  it('by plain http is told after one try', async () => {
    await open({ tls: true });
    const url = bmc.address.replace('https:', 'http:');
    for (const method of ['GET', 'POST'] as const) {
      let exchanges = 0;
      await clients.close();
      clients = quickClients({ observer: ({ kind }) => (exchanges += kind === 'exchange' ? 1 : 0) });
      const client = clients.client(targetOf(bmc, { url, username: undefined, password: undefined }));
      expect(await failureOf(client.request({ method, path: SYSTEM }))).toMatchObject({
        code: 'connection',
        failure: 'tls',
        isUnsent: true,
        message: `${url} speaks TLS; use this address with https:// for the BMC.`,
      });
      expect(exchanges).toBe(1);
    }
  });

  it('is not suspected where an answer by http had begun', async () => {
    await open({ misbehave: { cutBody: { path: SYSTEM } } });
    const text = String(await failureOf(clientOf(clients, bmc).get(SYSTEM)));
    expect(text).toContain('broke while its answer arrived');
    expect(text).not.toContain('https');
  });

  it('keeps one session over its sockets like plain HTTP', async () => {
    await open({ tls: true });
    const client = clientOf(clients, bmc, { verify: false });
    await Promise.all(Array.from({ length: 100 }, async () => client.get(SYSTEM)));
    expect(bmc.connections.max).toBeLessThanOrEqual(2);
    expect(bmc.logins).toBe(1);
  });
});
