import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { FerruleError } from '@ferrule/driver-kit';
import express from 'express';
import { Registry } from 'prom-client';
import { ANYONE, type Caller } from '../auth/caller.js';
import { type RosteredConductor } from '../conductors/roster/roster.js';
import { Links } from '../http/links.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { ForwardingMetrics } from '../metrics/forwarding.metrics.js';
import { until } from '../../test/support/until.js';
import { Forwarder } from './forwarder.js';

const servers: Server[] = [];
const forwarders: Forwarder[] = [];
afterEach(async () => {
  for (const forwarder of forwarders.splice(0)) await forwarder.onApplicationShutdown();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const OWN_ID = 'own-id';

/** What conductors were asked. */
interface Asked {
  readonly by: string;
  readonly request: IncomingMessage;
  readonly body: string;
}

describe('a forwarded request', () => {
  let asked: Asked[];
  let registry: Registry;
  let metrics: ForwardingMetrics;
  beforeEach(() => {
    asked = [];
    registry = new Registry();
    metrics = new ForwardingMetrics(registry);
  });

  const outcomes = async (): Promise<Record<string, number>> => {
    const metric = await registry.getSingleMetric('ferrule_forwarded_requests_total')?.get();
    const values = metric?.values.filter(({ value }) => value > 0) ?? [];
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels['outcome']), value]));
  };

  async function conductor(hostname: string, answer: RequestListener | 'nobody'): Promise<RosteredConductor> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push({ by: hostname, request, body });
        if (answer !== 'nobody') answer(request, response);
      });
    });
    const address = await listening(server);
    if (answer === 'nobody') server.close();
    return { id: hostname, hostname, group: '', address, drivers: new Map() };
  }
  const whole = (hostname: string) => conductor(hostname, (_, response) => response.end(hostname));

  /** A process that forwards whatever it is asked. */
  async function front(
    conductors: readonly RosteredConductor[],
    { caller = ANYONE, isAlive = () => true }: { caller?: Caller; isAlive?: () => boolean } = {},
  ): Promise<string> {
    const forwarder = new Forwarder(
      { isAlive },
      { isKnownAs: (id) => id === OWN_ID },
      new Links(undefined),
      new Lifecycle(1),
      metrics,
      { lockTries: 3, lockInterval: 1 },
    );
    forwarders.push(forwarder);
    const app = express();
    app.use(express.raw({ type: () => true }), (request, response) => {
      request.caller = caller;
      forwarder.forward(request, response, conductors).catch((error: unknown) => {
        const status = FerruleError.is(error) ? error.status : 500;
        response.status(status).end(String(error));
      });
    });
    return listening(createServer(app));
  }

  it('has the headers of the client but those of its connection, and the address of the client', async () => {
    const url = await front([await whole('cond-a')]);
    const answer = await fetch(`${url}/nodes//n1/vendor_passthru?method=m&a=%20`, {
      method: 'POST',
      body: '{"a":1}',
      headers: {
        authorization: 'Basic eDp5',
        'x-auth-token': 't',
        'x-forwarded-for': '10.9.9.9',
        'x-forwarded-host': 'elsewhere',
        forwarded: 'for=10.9.9.9',
        'openstack-api-version': 'baremetal 1.90',
        traceparent: '00-1',
        'ferrule-forwarded': 'of a client',
      },
    });
    expect(await answer.text()).toBe('cond-a');
    const [{ request, body } = { request: undefined, body: '' }] = asked;
    expect(body).toBe('{"a":1}');
    expect(request?.url).toBe('/nodes//n1/vendor_passthru?method=m&a=%20');
    expect(request?.headers).toMatchObject({
      authorization: 'Basic eDp5',
      'x-auth-token': 't',
      'x-forwarded-for': '127.0.0.1',
      'ferrule-forwarded': 'cond-a',
      'openstack-api-version': 'baremetal 1.90',
      traceparent: '00-1',
      'content-length': '7',
    });
    for (const name of ['x-forwarded-host', 'forwarded']) expect(request?.headers).not.toHaveProperty(name);
    expect(request?.headers.host).not.toBe(new URL(url).host);
  });

  it('tells the conductor the base of the links, which are for the process that was asked', async () => {
    const url = await front([
      await conductor('cond-a', ({ headers }, response) => {
        response
          .writeHead(202, {
            location: `${String(headers['ferrule-link-base'])}/v1/jobs/j1`,
            'x-own': ['1', '2'],
          })
          .end();
      }),
    ]);
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `${url}/v1/jobs/j1`]);
    expect(answer.headers.get('x-own')).toBe('1, 2');
  });

  it('goes to the next conductor if nothing was begun', async () => {
    const misdirected = await conductor('cond-b', (_, response) =>
      response.writeHead(421, { 'Ferrule-Forwarded': 'refused' }).end('not here'),
    );
    const unnamed = { ...(await whole('cond-0')), address: null };
    const all = [await conductor('cond-a', 'nobody'), misdirected, unnamed, await whole('cond-c')];
    const answer = await fetch(await front(all), { method: 'POST', body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([200, 'cond-c']);
    expect(asked.map(({ by }) => by)).toEqual(['cond-b', 'cond-c']);
    const none = await fetch(await front(all.slice(0, 3)));
    expect(none.status).toBe(503);
    const text = await none.text();
    expect(text).toMatch(/asked: cond-0, cond-a, cond-b\./);
    // Where conductors are is nothing for clients.
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|FERRULE_/);
    expect(await outcomes()).toEqual({ answered: 1, misdirected: 2, unsent: 4 });
  });

  it('is never sent again once a conductor got it', async () => {
    const dies = await conductor('cond-a', ({ socket }) => socket.destroy());
    const answer = await fetch(await front([dies, await whole('cond-b')]));
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/cond-a.*is not known/s);
    expect(asked.map(({ by }) => by)).toEqual(['cond-a']);
    expect(await outcomes()).toEqual({ lost: 1 });
  });

  it('ends with its connection if the answer breaks off', async () => {
    const cut = await conductor('cond-a', (_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => response.destroy());
    });
    const answer = await fetch(await front([cut, await whole('cond-b')]));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await outcomes()).toEqual({ cut: 1 });
  });

  it('is 504 when the lease of a silent conductor has ended', async () => {
    const silent = await conductor('cond-a', () => {});
    const answer = await fetch(await front([silent, await whole('cond-b')], { isAlive: () => false }));
    expect(answer.status).toBe(504);
    expect(asked.map(({ by }) => by)).toEqual(['cond-a']);
  });

  it('is aborted when its client leaves', async () => {
    const leaving = new AbortController();
    let left: (() => void) | undefined;
    const hasLeft = new Promise<void>((resolve) => (left = resolve));
    const silent = await conductor('cond-a', (_, response) => {
      response.once('close', () => left?.());
      leaving.abort();
    });
    await expect(fetch(await front([silent]), { signal: leaving.signal })).rejects.toThrow();
    await hasLeft;
    await until(async () => (await outcomes())['aborted'] === 1);
  });

  it('gets an answer of 421 that a driver made, and is sent to no other conductor', async () => {
    const ofDriver = (hostname: string) =>
      conductor(hostname, (_, response) => response.writeHead(421).end('of the driver'));
    const answer = await fetch(await front([await ofDriver('cond-a'), await ofDriver('cond-b')]));
    expect([answer.status, await answer.text()]).toEqual([421, 'of the driver']);
    // fetch asks again on another connection, as its standard says.
    expect(new Set(asked.map(({ by }) => by))).toEqual(new Set(['cond-a']));
  });

  it('is 501 for a caller with a client certificate, and 421 if it was forwarded before', async () => {
    const all = [await whole('cond-a')];
    const certified = await front(all, { caller: { ...ANYONE, knownBy: 'certificate' } });
    expect((await fetch(certified)).status).toBe(501);
    const again = await fetch(await front(all), { headers: { 'ferrule-forwarded': OWN_ID } });
    expect(again.status).toBe(421);
    expect(asked).toEqual([]);
  });
});
