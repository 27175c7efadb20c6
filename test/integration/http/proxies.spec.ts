import { noAuthentication } from '../../../src/auth/authenticator.js';
import { startThings, type Things } from './things.js';

const FORWARDED = {
  'X-Forwarded-For': '192.0.2.9',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'localhost:8443',
};

describe('behind a trusted proxy', () => {
  let things: Things;
  beforeAll(async () => {
    things = await startThings(noAuthentication, ['127.0.0.0/8']);
  });
  afterAll(() => things.close());

  const seen = (headers: Record<string, string>) => things.http.get('/v1/nodes/seen').set(headers);

  it('links and addresses are those of the client', async () => {
    await seen(FORWARDED).expect(200, { ip: '192.0.2.9', base: 'https://localhost:8443' });
  });

  it('what a client says of itself does not count', async () => {
    const chain = { ...FORWARDED, 'X-Forwarded-For': '203.0.113.1, 192.0.2.9' };
    await seen(chain).expect(200, { ip: '192.0.2.9', base: 'https://localhost:8443' });
  });

  it('the name that the client asked for must be one of the service', async () => {
    await seen({ ...FORWARDED, 'X-Forwarded-Host': 'evil.example' }).expect(403);
  });

  it('pages of the own origin are those with https', async () => {
    await seen({ ...FORWARDED, Origin: 'https://localhost:8443' }).expect(200);
    await seen({ ...FORWARDED, Origin: 'http://localhost:8443' }).expect(403);
  });
});

it('headers of others are ignored', async () => {
  const things = await startThings(noAuthentication, ['192.0.2.0/24']);
  const answer = await things.http.get('/v1/nodes/seen').set(FORWARDED).expect(200);
  expect(answer.body).toEqual({
    ip: expect.stringContaining('127.0.0.1'),
    base: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  await things.close();
});
