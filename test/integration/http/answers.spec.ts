import { startThings, type Things } from './things.js';

describe('Answers', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  it('have the request id under both names', async () => {
    for (const path of ['/v1/nodes', '/nosuch']) {
      const { headers } = await http.get(path);
      expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
      expect(headers['openstack-request-id']).toBe(headers['x-openstack-request-id']);
    }
  });

  it('are JSON, null and strings included', async () => {
    const nothing = await http.get('/v1/nodes/null').expect(200).expect('Content-Type', 'application/json');
    expect(nothing.text).toBe('null');
    const text = await http.get('/v1/nodes/text').expect(200).expect('Content-Type', 'application/json');
    expect(text.body).toBe('žluťoučký');
    for (const name of ['etag', 'x-powered-by']) expect(text.headers).not.toHaveProperty(name);
  });

  it('without a body have no Content-Type', async () => {
    const accepted = await http.put('/v1/nodes/x/lamp').expect(202).expect('Content-Length', '0');
    expect(accepted.headers).not.toHaveProperty('content-type');
    const deleted = await http.delete('/v1/nodes/x/lamp').expect(204);
    expect(deleted.headers).not.toHaveProperty('content-type');
  });
});
