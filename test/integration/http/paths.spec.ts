import type supertest from 'supertest';
import { fault, startThings, type Things } from './things.js';

describe('Paths', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  it('/ and /v1 describe the service, for HEAD too', async () => {
    const root = await http.get('/').expect(200);
    const self = root.body.default_version.links[0].href;
    expect(root.body.versions).toEqual([root.body.default_version]);
    expect(self).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/$/);
    const v1 = await http.get('/v1/').expect(200);
    expect(v1.body).toEqual(
      Object.fromEntries(
        ['chassis', 'drivers', 'id', 'links', 'media_types', 'nodes', 'ports', 'version'].map((key) => [
          key,
          expect.anything(),
        ]),
      ),
    );
    await http.head('/').expect(200);
    await http.head('/v1').expect(200);
    await http.post('/').expect(405).expect('Allow', 'GET');
  });

  it.each(['/v1/nodes', '/v1/nodes/', '/v1//nodes', '/nodes', '/nodes/?'])(
    '%s is the collection',
    async (path) => {
      await http.get(path).expect(200, { things: [] });
    },
  );

  it('lose a final .json below 1.91 with the legacy header', async () => {
    const get = (version?: string): supertest.Test =>
      version === undefined
        ? http.get('/v1/nodes/x.json')
        : http.get('/v1/nodes/x.json').set('X-OpenStack-Ironic-API-Version', version);
    await get('1.90').expect(200, { name: 'x', suffix: true });
    await get('1.91').expect(200, { name: 'x.json', suffix: false });
    await get().expect(200, { name: 'x.json', suffix: false });
  });

  it('that cannot be decoded are 400', async () => {
    fault(await http.get('/v1/nodes/%ff').expect(400));
  });

  it('that do not exist are 404, also those that differ in case only', async () => {
    for (const path of ['/v1/nosuch', '/v2/nodes', '/nosuch', '/v1/Nodes', '/v1/nodes/x/lamp/more']) {
      expect(fault(await http.get(path).expect(404)).faultcode).toBe('Client');
    }
  });

  it('answer verbs that they do not support with 405 and an Allow header', async () => {
    const response = await http.get('/v1/nodes/x/lamp/').expect(405).expect('Allow', 'DELETE, PUT');
    expect(fault(response).faultstring).toContain('GET');
    await http.post('/v1/nodes').expect(405).expect('Allow', 'GET');
  });

  it('answer HEAD for discovery only, and OPTIONS without a body', async () => {
    await http.head('/v1/nodes').expect(405).expect('Allow', 'GET');
    await http.head('/v1/nosuch').expect(404);
    const options = await http.options('/v1/nodes').expect(200);
    expect(options.text).toBe('');
  });
});
