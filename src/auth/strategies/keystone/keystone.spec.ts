import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Request } from 'express';
import { Refusal } from '../strategy.js';
import { Keystone } from './keystone.js';
import { KeystoneClient } from './keystone-client.js';
import { ServiceToken } from './service-token.js';
import { TokenValidation } from './token-validation.js';

const soon = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const HOUR = 3_600_000;

/** Answers as Keystone does. */
class FakeKeystone {
  readonly asked: string[] = [];
  /**
   * What the next requests get instead of an answer: a status, a text after the headers, or a text as it is; 0 never
   * answers.
   */
  readonly faults: (number | string | { readonly raw: string })[] = [];
  own = 'own-1';
  ownLife = HOUR;
  life = HOUR;
  domain = { id: 'default', name: 'Default' };

  answer = (request: IncomingMessage, response: ServerResponse): void => {
    const subject = request.headers['x-subject-token'];
    this.asked.push(request.method === 'POST' ? 'login' : String(subject));
    const fault = this.faults.shift();
    if (fault === 0) return;
    if (typeof fault === 'object') request.socket.end(fault.raw);
    else if (typeof fault === 'string') response.end(fault);
    else if (fault !== undefined) response.writeHead(fault).end('{}');
    else if (request.method === 'POST') {
      response.writeHead(201, { 'X-Subject-Token': this.own });
      response.end(
        JSON.stringify({ token: { expires_at: soon(this.ownLife), user: { id: 's', name: 's' } } }),
      );
    } else if (request.headers['x-auth-token'] !== this.own) response.writeHead(401).end('{}');
    else if (subject !== 'good') response.writeHead(404).end('{}');
    else {
      const token = {
        expires_at: soon(this.life),
        user: { id: 'u1', name: 'alice', domain: this.domain },
        project: { id: 'p1', name: 'racks' },
        roles: [{ name: 'Member' }, { name: 'reader' }],
      };
      response.end(JSON.stringify({ token }));
    }
  };
}

describe('Keystone', () => {
  let fake: FakeKeystone;
  let server: Server;
  let keystone: Keystone;

  beforeEach(async () => {
    fake = new FakeKeystone();
    server = createServer((request, response) => fake.answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    keystone = strategy({});
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  function strategy({ timeout = 30_000, cache = HOUR }): Keystone {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new KeystoneClient({ url, timeout });
    const own = new ServiceToken(client, { identity: { methods: ['password'] } });
    return new Keystone(new TokenValidation(client, own, timeout), { url, cache });
  }

  const ask = (token: string) =>
    keystone.recognize({ headers: { 'x-auth-token': token }, ip: '192.0.2.1' } as unknown as Request);

  it('knows the caller of a valid token, and asks once for it, also when many ask at the same time', async () => {
    const callers = await Promise.all([ask('good'), ask('good'), ask('good')]);
    expect(new Set(callers)).toEqual(
      new Set([
        {
          id: 'keystone:u1',
          name: 'alice',
          projectId: 'p1',
          roles: ['member', 'reader'],
          hasSystemScope: false,
          knownBy: 'keystone',
        },
      ]),
    );
    // At once: not a promise.
    expect(ask('good')).toEqual(callers[0]);
    expect(fake.asked).toEqual(['login', 'good']);
  });

  it('tells users of the same name in several domains apart', async () => {
    fake.domain = { id: 'd2', name: 'customers' };
    expect(await ask('good')).toMatchObject({ id: 'keystone:u1', name: 'alice@customers' });
  });

  it('refuses an unknown token, and does not ask for it again soon', async () => {
    expect(await ask('bad')).toBeInstanceOf(Refusal);
    expect(ask('bad')).toBeInstanceOf(Refusal);
    expect(fake.asked).toEqual(['login', 'bad']);
  });

  it.each(['with space', 'ä', 'x'.repeat(8_193)])(
    'refuses what cannot be a token without asking',
    (token) => {
      expect(ask(token)).toBeInstanceOf(Refusal);
      expect(fake.asked).toEqual([]);
    },
  );

  it('leaves requests without a token to others', () => {
    expect(keystone.recognize({ headers: {} } as unknown as Request)).toBeUndefined();
  });

  it('asks again when the time of its memory is over', async () => {
    keystone = strategy({ cache: 0 });
    await ask('good');
    await ask('good');
    expect(fake.asked).toEqual(['login', 'good', 'good']);
  });

  it('refuses a token that is over, by its own clock', async () => {
    fake.life = -1_000;
    expect(await ask('good')).toBeInstanceOf(Refusal);
  });

  it('gets a new token of its own before the former one ends, and when Keystone refuses it', async () => {
    fake.ownLife = 1_000;
    await ask('good');
    fake.ownLife = HOUR;
    await ask('bad');
    expect(fake.asked).toEqual(['login', 'good', 'login', 'bad']);
    fake.own = 'own-2';
    await ask('other');
    expect(fake.asked.slice(4)).toEqual(['other', 'login', 'other']);
  });

  it('tries again after a fault', async () => {
    fake.faults.push(503);
    expect(await ask('good')).toMatchObject({ name: 'alice' });
    expect(fake.asked).toEqual(['login', 'login', 'good']);
  });

  it.each([
    ['it fails', [500, 500], 'gave a wrong answer'],
    ['it refuses the service', [401, 401], 'does not accept the login of this service'],
    ['it does not answer', [0, 0], 'does not answer'],
  ])('cannot tell while %s: 503, and what it knows goes on', async (_what, faults, said) => {
    keystone = strategy({ timeout: 1_500 });
    await ask('good');
    // The own token is refused once, then the login.
    fake.own = 'own-2';
    fake.faults.push(...faults);
    await expect(ask('new')).rejects.toThrow(said);
    expect(ask('good')).toMatchObject({ name: 'alice' });
    fake.faults.length = 0;
    expect(await ask('new')).toBeInstanceOf(Refusal);
  });

  it.each([
    ['with an error', 500],
    ['that it wants something else', 400],
    ['with another place', 302],
    ['with a page', '<!doctype html><p>Welcome'],
    ['without a token', '{"token": null}'],
    ['with a token that never ends', '{"token": {"user": {"id": "u", "name": "n"}}}'],
    ['without end', `{"a": "${'x'.repeat(2_000_000)}"}`],
    ['with something other than HTTP', { raw: 'SSH-2.0-OpenSSH\r\n\r\n' }],
  ])('says that the answer is wrong when it answers %s', async (_what, fault) => {
    await ask('good');
    fake.faults.push(fault, fault);
    await expect(ask('new')).rejects.toThrow(/^Keystone gave a wrong answer, so that .* Please retry\.$/);
  });

  it('cannot tell when too many tokens wait for Keystone', async () => {
    keystone = strategy({ timeout: 100 });
    fake.answer = () => {};
    const asked = Array.from({ length: 1_009 }, async (_, index) => ask(`token-${index}`));
    const messages = (await Promise.allSettled(asked)).map((each) =>
      each.status === 'rejected' ? String(each.reason) : each.status,
    );
    expect(messages.pop()).toContain('is asked about too many tokens');
    expect(messages.filter((message) => !message.includes('does not answer'))).toEqual([]);
  });

  it('cannot tell while nobody listens', async () => {
    server.close();
    await expect(ask('good')).rejects.toThrow('Keystone does not answer');
    server = createServer(() => {}).listen(0);
  });
});
