import { type Answer } from '../support/http-client.js';
import { startApp, type TestApp } from '../support/app.js';
import { lockNode } from '../support/locks.js';
import { type Call, EMPTY, type Row, uuid } from './row.js';
import { TABLE } from './table/index.js';

describe('the wire contract', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ALLOWED_HOSTS: 'bmc.example' });
  });
  afterAll(() => service.close());

  const ask = ({ call, ...rest }: Call): Promise<Answer> => {
    const [verb = '', path = ''] = call.split(' ', 2);
    return service.http.send(verb, path, rest);
  };

  async function arrange({ nodes = [{}], stored, isLocked, before = [] }: Row): Promise<void> {
    await service.database.query(
      { name: 'clear', text: 'with gone as (delete from jobs) delete from nodes' },
      [],
    );
    for (const [index, members] of nodes.entries()) {
      const json = { ...nodeNumber(index + 1), ...members };
      (await ask({ call: 'POST /v1/nodes', json })).expect(201);
    }
    if (stored) {
      await service.database.kysely.updateTable('nodes').set(stored).where('name', '=', 'node-1').execute();
    }
    for (const call of before) expect((await ask(call)).status).toBeLessThan(300);
    if (isLocked) await lockNode(service.database, 'node-1', 'other-conductor');
  }

  describe.each(Object.entries(TABLE))('%s', (_resource, rows) => {
    it.each(rows)('$section $name', async (row) => {
      await arrange(row);
      const answer = (await ask(row)).expect(row.status);
      checkHeaders(row, answer);
      checkBody(row, answer);
      if (row.after) {
        const look = await ask({ call: `GET ${row.after.path}` });
        expect(look.expect(200).json()).toEqual(row.after.body);
      }
    });
  });
});

function nodeNumber(n: number): Record<string, unknown> {
  return { uuid: uuid(n), name: `node-${n}`, driver: 'fake-hardware', vendor_interface: 'fake-options' };
}

function checkHeaders(row: Row, { headers }: Answer): void {
  expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(headers['openstack-request-id']).toBe(headers['x-openstack-request-id']);
  for (const [name, expected] of Object.entries(row.answers ?? {})) {
    if (expected === null) expect(headers).not.toHaveProperty([name]);
    else if (typeof expected === 'string') expect(headers[name]).toBe(expected);
    else expect(headers[name]).toMatch(expected);
  }
}

function checkBody(row: Row, answer: Answer): void {
  if (row.call.startsWith('HEAD ')) {
    expect(answer.text).toBe('');
  } else if (row.status >= 400) {
    expect(answer.contentType).toBe('application/json');
    expect(answer.json()).toEqual({ error_message: expect.any(String) });
    expect(answer.fault).toEqual({
      faultcode: row.status < 500 ? 'Client' : 'Server',
      faultstring: expect.stringMatching(row.says ?? /\S/),
      debuginfo: null,
    });
  } else if (row.body === EMPTY) {
    expect(answer.text).toBe('');
    expect(answer.headers).not.toHaveProperty('content-type');
  } else if (row.body !== undefined) {
    expect(answer.contentType).toBe('application/json');
    expect(answer.json()).toEqual(row.body);
  }
}
