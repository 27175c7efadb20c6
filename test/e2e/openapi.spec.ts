import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { AUDIT_QUERY } from '../../src/audit/audit.docs.js';
import { CHASSIS_QUERY } from '../../src/chassis/chassis.request.js';
import { CONDUCTORS_QUERY } from '../../src/conductors/conductors.docs.js';
import { FLEET_CALLS_QUERY, FLEET_NODES_QUERY } from '../../src/fleet/fleet-calls.docs.js';
import { JOBS_QUERY } from '../../src/jobs/record/jobs.docs.js';
import { LOCKS_QUERY } from '../../src/locks/locks.docs.js';
import { LIST_QUERY } from '../../src/nodes/list/node-list.query.js';
import { PORTGROUPS_QUERY } from '../../src/ports/portgroups.request.js';
import { PORTS_QUERY } from '../../src/ports/ports.request.js';
import { fleetCallEnded, makeFleetCall } from '../support/fleet.js';
import { call, createNode, jobOf, readJob } from '../support/passthru.js';
import { ROOT } from '../support/readme.js';
import { until } from '../support/until.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
}
interface Operation {
  readonly parameters: Parameter[];
  readonly responses: Record<string, { content?: Record<string, { schema?: unknown; example?: unknown }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

describe('the OpenAPI document', () => {
  let service: TestApp;
  let document: Document;
  beforeAll(async () => {
    service = await startApp();
    document = (await service.http.get('/openapi.json')).expect(200).json<Document>();
  });
  afterAll(() => service.close());

  it('has only the listing endpoints, each with GET', () => {
    const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb} ${path}`),
    );
    expect(operations.sort()).toEqual([
      'get /v1/audit',
      'get /v1/chassis',
      'get /v1/conductors',
      'get /v1/drivers',
      'get /v1/drivers/{driver}/vendor_passthru/methods',
      'get /v1/fleet_calls',
      'get /v1/fleet_calls/{id}/nodes',
      'get /v1/jobs',
      'get /v1/locks',
      'get /v1/nodes',
      'get /v1/nodes/{ident}/vendor_passthru/methods',
      'get /v1/portgroups',
      'get /v1/ports',
    ]);
  });

  it('has a schema and an example for every answer', () => {
    for (const { get } of Object.values(document.paths)) {
      const content = get?.responses['200']?.content?.['application/json'];
      expect(content?.schema).toMatchObject({ type: 'object' });
      expect(Object.keys(content?.example ?? {})).not.toHaveLength(0);
    }
  });

  it.each([
    ['/v1/jobs', Object.keys(JOBS_QUERY.shape)],
    ['/v1/audit', Object.keys(AUDIT_QUERY.shape)],
    ['/v1/chassis', Object.keys(CHASSIS_QUERY.shape)],
    ['/v1/conductors', Object.keys(CONDUCTORS_QUERY.shape)],
    ['/v1/locks', Object.keys(LOCKS_QUERY.shape)],
    ['/v1/fleet_calls', Object.keys(FLEET_CALLS_QUERY.shape)],
    ['/v1/fleet_calls/{id}/nodes', Object.keys(FLEET_NODES_QUERY.shape)],
    ['/v1/ports', Object.keys(PORTS_QUERY.shape)],
    ['/v1/portgroups', Object.keys(PORTGROUPS_QUERY.shape)],
    ['/v1/drivers', ['type', 'detail', 'fields']],
    ['/v1/nodes/{ident}/vendor_passthru/methods', ['detail']],
    ['/v1/drivers/{driver}/vendor_passthru/methods', ['detail', 'vendor_interface']],
    ['/v1/nodes', Object.keys(LIST_QUERY.shape)],
  ])('names every query parameter of %s', (path, names) => {
    const documented = document.paths[path]?.['get']?.parameters.filter((each) => each.in === 'query') ?? [];
    expect(documented.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  /** What the document shows of one item of a listing: the members of its example and of its schema. */
  function shownItem(path: string): { example: string[]; schema: string[] } {
    const content = document.paths[path]?.['get']?.responses['200']?.content?.['application/json'];
    const [collection = ''] = Object.keys(content?.example ?? {});
    const example = content?.example as Record<string, object[]> | undefined;
    const schema = content?.schema as
      { properties: Record<string, { items?: { properties?: object } }> } | undefined;
    return {
      example: Object.keys(example?.[collection]?.[0] ?? {}).sort(),
      schema: Object.keys(schema?.properties[collection]?.items?.properties ?? {}).sort(),
    };
  }

  it('has examples with the keys of real answers', async () => {
    const { http } = service;
    const node = await createNode(http, { name: 'rack7-u12' });
    (await http.post('/v1/chassis', { description: 'rack 7' })).expect(201);
    const address = '52:54:00:8a:1c:07';
    (await http.post('/v1/ports', { node_uuid: node, address })).expect(201);
    (await http.post('/v1/portgroups', { node_uuid: node, address, name: 'bond0' })).expect(201);
    const fleetCall = await makeFleetCall(http, { method: 'report_progress', nodes: [node] });
    await fleetCallEnded(http, fleetCall);
    const job = jobOf(await call(http, node, 'sleep', { seconds: 3_600 }));
    await until(async () => (await readJob(http, job)).state === 'running');
    const listed = [
      ...[
        '/v1/chassis',
        '/v1/conductors',
        '/v1/drivers',
        '/v1/fleet_calls',
        '/v1/jobs',
        '/v1/locks',
        '/v1/nodes',
      ],
      ...['/v1/ports', '/v1/portgroups', '/v1/fleet_calls/{id}/nodes'],
    ];
    for (const path of listed) {
      const real = (await http.get(path.replace('/v1/fleet_calls/{id}', fleetCall))).expect(200);
      const [[item = {}] = []] = Object.values(real.json<Record<string, object[]>>());
      expect([path, shownItem(path).example]).toEqual([path, Object.keys(item).sort()]);
    }
    (await http.delete(job)).expect(202);
  });

  it('has all members of a job in its schema', async () => {
    const { http } = service;
    const job = jobOf(await call(http, await createNode(http), 'report_progress', { steps: 1 }));
    expect(shownItem('/v1/jobs').schema).toEqual(Object.keys(await readJob(http, job)).sort());
  });

  it('is the same each time, also from another service in this process', async () => {
    const other = await startApp();
    try {
      expect((await other.http.get('/openapi.json')).expect(200).json()).toEqual(document);
    } finally {
      await other.close();
    }
  });

  it('does not change the 404 and 405 of other paths and verbs', async () => {
    const missing = (await service.http.get('/docs/nothing')).expect(404);
    expect(missing.fault.faultstring).toBe('The resource /docs/nothing could not be found.');
    expect((await service.http.post('/docs')).expect(405).headers.allow).toBe('GET');
  });
});

describe('what a command prints', () => {
  const run = (pipe: string) => {
    const script = `"$1" "$2" openapi ${pipe}; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', script, 'bash', process.execPath, join(ROOT, 'bin/ferrule.mjs')],
      { encoding: 'utf8', timeout: 60_000 },
    );
    return { status, stderr };
  };

  // It is longer than what a pipe holds.
  it('may be read in part', () => {
    expect(run('| head -c 1')).toEqual({ status: 0, stderr: '' });
  });

  it('is complained about if it cannot be written', () => {
    const { status, stderr } = run('> /dev/full');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^Standard output cannot be written: ENOSPC.*\.\n$/),
    ]);
  });
});
