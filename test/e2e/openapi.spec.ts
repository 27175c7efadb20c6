import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { AUDIT_QUERY } from '../../src/audit/audit.docs.js';
import { JOBS_QUERY } from '../../src/jobs/record/jobs.docs.js';
import { LIST_QUERY } from '../../src/nodes/list/node-list.query.js';
import { ROOT } from '../support/readme.js';

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
      'get /v1/conductors',
      'get /v1/drivers',
      'get /v1/drivers/{driver}/vendor_passthru/methods',
      'get /v1/fleet_calls',
      'get /v1/fleet_calls/{id}/nodes',
      'get /v1/jobs',
      'get /v1/locks',
      'get /v1/nodes',
      'get /v1/nodes/{ident}/vendor_passthru/methods',
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
    ['/v1/drivers', ['type', 'detail', 'fields']],
    ['/v1/nodes/{ident}/vendor_passthru/methods', ['detail']],
    ['/v1/drivers/{driver}/vendor_passthru/methods', ['detail', 'vendor_interface']],
    ['/v1/nodes', Object.keys(LIST_QUERY.shape)],
  ])('names every query parameter of %s', (path, names) => {
    const documented = document.paths[path]?.['get']?.parameters.filter((each) => each.in === 'query') ?? [];
    expect(documented.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it('has examples with the keys of real answers', async () => {
    (await service.http.post('/v1/nodes', { driver: 'fake-hardware', name: 'rack7-u12' })).expect(201);
    for (const path of ['/v1/nodes', '/v1/drivers']) {
      const [collection] = Object.keys((await service.http.get(path)).json<object>());
      const example = document.paths[path]?.['get']?.responses['200']?.content?.['application/json']?.example;
      const key = String(collection);
      const real = (await service.http.get(path)).json<Record<string, object[]>>();
      const shown = example as Record<string, object[]>;
      expect(Object.keys(shown[key]?.[0] ?? {}).sort()).toEqual(Object.keys(real[key]?.[0] ?? {}).sort());
    }
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
