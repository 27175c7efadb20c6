import { fault, startThings, type Things } from './things.js';

describe('Versions', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  it('are in every answer, errors too', async () => {
    for (const path of ['/v1/nodes', '/v1/nodes/busy', '/v1/nosuch', '/', '/v1']) {
      const { headers } = await http.get(path).set('X-OpenStack-Ironic-API-Version', '1.31');
      expect(headers).toMatchObject({
        'x-openstack-ironic-api-minimum-version': '1.1',
        'x-openstack-ironic-api-maximum-version': '1.109',
        'x-openstack-ironic-api-version': '1.31',
      });
    }
  });

  it('are in the refusals of hosts and pages of others', async () => {
    const refused = [
      http.get('/v1/nodes').set('Host', 'evil.example'),
      http.get('/v1/nodes').set('Origin', 'http://evil.example'),
    ];
    for (const request of refused) {
      const { status, headers } = await request;
      expect(status).toBe(403);
      expect(headers).toMatchObject({
        'x-openstack-ironic-api-minimum-version': '1.1',
        'x-openstack-ironic-api-maximum-version': '1.109',
        'x-openstack-ironic-api-version': '1.1',
      });
    }
  });

  it('are refused before anything else', async () => {
    const response = await http.put('/v1/nosuch').set('X-OpenStack-Ironic-API-Version', '1.999').send('{bad');
    expect(response.status).toBe(406);
    expect(response.headers).toMatchObject({ 'x-openstack-ironic-api-maximum-version': '1.109' });
    expect(response.headers).not.toHaveProperty('x-openstack-ironic-api-version');
    expect(fault(response).faultstring).toContain('1.999');
  });

  it('that are invalid get an answer without version headers', async () => {
    const response = await http.get('/').set('OpenStack-API-Version', 'baremetal abc');
    expect(response.status).toBe(406);
    expect(Object.keys(response.headers).filter((name) => name.includes('api'))).toEqual([]);
  });
});
