import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { documentedFleetCall } from '../support/documented-fleet-call.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly example?: string;
  readonly schema: { readonly default?: string | number | boolean };
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly responses: Record<string, { readonly content: Record<string, { readonly example: unknown }> }>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly paths: Record<string, { readonly get: Operation }>;
}

const MANIFEST = resolve(import.meta.dirname, '../../package.json');

describe('the examples of the OpenAPI document', () => {
  let service: TestApp;
  let document: Document;
  let fleetCall: string;
  beforeAll(async () => {
    service = await startApp();
    document = (await service.http.get('/openapi.json')).expect(200).json<Document>();
    (await service.http.post('/v1/nodes', { name: 'n1', driver: 'fake-hardware' })).expect(201);
    fleetCall = await documentedFleetCall(service.http, 'n1');
  });
  afterAll(() => service.close());

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).map(([path, { get }]) => [path, get]);

  const url = (path: string, { parameters }: Operation, isSent: (name: string) => boolean): string => {
    const query = new URLSearchParams();
    let filled = path;
    for (const { name, in: place, example, schema } of parameters) {
      const value = example ?? (schema.default === undefined ? undefined : String(schema.default));
      if (place === 'path') filled = filled.replace(`{${name}}`, String(example));
      else if (place === 'query' && value !== undefined && isSent(name)) query.set(name, value);
    }
    return query.size === 0 ? filled : `${filled}?${query.toString()}`;
  };

  it('have the version of the package', () => {
    const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string };
    expect(document.info.version).toBe(version);
  });

  it('work with each parameter alone and with all of them', async () => {
    for (const [path, operation] of operations()) {
      (await service.http.get(url(path, operation, () => true))).expect(200);
      for (const { name } of operation.parameters) {
        (await service.http.get(url(path, operation, (each) => each === name))).expect(200);
      }
    }
  });

  it('have a description, and each parameter has a default or describes it', () => {
    for (const [path, operation] of operations()) {
      for (const { name, in: place, description = '', schema } of operation.parameters) {
        const isClear = place === 'path' || schema.default !== undefined || /Without it/.test(description);
        expect([path, name, description.length > 10 && isClear]).toEqual([path, name, true]);
      }
    }
  });

  it('show errors as the service sends them', async () => {
    // The oldest that has port groups.
    const versions: Record<string, string> = { 400: '1.26', 406: '1.999' };
    for (const [path, { responses }] of operations()) {
      for (const [status, { content }] of Object.entries(responses).filter(([each]) => each !== '200')) {
        const example = content['application/json']?.example;
        const fault = JSON.parse((example as { error_message: string }).error_message) as object;
        expect(Object.keys(fault)).toEqual(['faultcode', 'faultstring', 'debuginfo']);
        if (status === '404') continue;
        const base = path
          .replace('{ident}', 'n1')
          .replace('{driver}', 'fake-hardware')
          .replace('{id}', fleetCall);
        const asked = status === '400' ? `${base}?nonesuch=1` : base;
        const answer = await service.http.get(asked, versions[status] ? { version: versions[status] } : {});
        expect(answer.expect(Number(status)).json()).toEqual(example);
      }
    }
  });
});
