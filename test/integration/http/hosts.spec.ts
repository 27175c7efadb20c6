import type supertest from 'supertest';
import { fault, startThings, type Things } from './things.js';

describe('Requests', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  const browser = (headers: Record<string, string>, method: 'get' | 'post' = 'get'): supertest.Test =>
    http[method]('/v1/nodes/echo').set(headers);

  it.each(['evil.example', `evil.example:6385`, '10.0.0.5', ''])(
    'to a host that is not ours are 403: Host %j',
    async (host) => {
      const answer = await things.exchange(`GET /v1/nodes HTTP/1.1\r\nHost: ${host}`);
      expect(answer).toMatch(/^HTTP\/1.1 403 /);
      expect(answer).toContain('error_message');
    },
  );

  it.each(['Host: localhost\r\nHost: localhost', 'Host: localhost\r\nhOST: evil.example'])(
    'with two hosts are 400: %j',
    async (headers) => {
      const answer = await things.exchange(`GET /v1/nodes HTTP/1.1\r\n${headers}`);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('more than one Host');
    },
  );

  it('of HTTP/1.0 need no host', async () => {
    expect(await things.exchange('GET /v1/nodes HTTP/1.0')).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each(['http://evil.example', 'null', 'http://localhost:3000', 'https://127.0.0.1', 'http://127.0.0.1'])(
    'of a foreign page are 403: Origin %s',
    async (origin) => {
      for (const method of ['get', 'post'] as const) {
        fault(await browser({ Origin: origin }, method).expect(403));
      }
      fault(await http.options('/v1/nodes').set('Origin', origin).expect(403));
    },
  );

  it('of our own page are answered', async () => {
    const own = { Origin: `http://127.0.0.1:${things.port}`, 'Sec-Fetch-Site': 'same-origin' };
    await http.post('/v1/nodes/echo').set(own).expect(200);
  });

  it.each(['cross-site', 'same-site', 'odd'])(
    'of a foreign page are 403: Sec-Fetch-Site %s',
    async (site) => {
      fault(await browser({ 'Sec-Fetch-Site': site }).expect(403));
      fault(await browser({ 'Sec-Fetch-Site': site }, 'post').expect(403));
    },
  );

  it.each(['same-origin', 'none'])(
    'of the address bar and of our own pages are answered: Sec-Fetch-Site %s',
    async (site) => {
      await http.get('/v1/nodes').set('Sec-Fetch-Site', site).expect(200);
    },
  );

  it('that follow a link on a foreign page are answered only for /', async () => {
    const followed = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    };
    await http.get('/').set(followed).expect(200);
    await http.get('/v1/nodes').set(followed).expect(403);
    await http
      .get('/')
      .set({ ...followed, 'Sec-Fetch-Dest': 'iframe' })
      .expect(403);
    await http
      .get('/')
      .set({ ...followed, 'Sec-Fetch-Mode': 'no-cors' })
      .expect(403);
    await http.post('/').set(followed).expect(403);
  });
});
