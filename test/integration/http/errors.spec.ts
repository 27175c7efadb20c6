import { fault, startThings, type Things } from './things.js';

describe('Errors', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  it('have no Retry-After, because ironicclient crashes on it', async () => {
    const response = await http.get('/v1/nodes/busy').expect(409);
    expect(response.headers).not.toHaveProperty('retry-after');
    expect(fault(response)).toEqual({
      faultcode: 'Client',
      faultstring: 'The thing is busy.',
      debuginfo: null,
    });
  });

  it('are problem documents on request', async () => {
    const response = await http.get('/v1/nodes/busy').set('Accept', 'application/problem+json').expect(423);
    expect(response.headers['retry-after']).toBe('7');
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(response.text)).toEqual({
      type: 'about:blank',
      title: 'Locked',
      status: 423,
      detail: 'The thing is busy.',
      code: 'Conflict',
      request_id: response.headers['x-openstack-request-id'],
      holder: 'somebody',
    });
  });

  it('that are unexpected reveal no internals', async () => {
    const response = await http.get('/v1/nodes/broken').expect(500);
    expect(fault(response).faultcode).toBe('Server');
    expect(response.text).not.toContain('hunter2');
  });
});
