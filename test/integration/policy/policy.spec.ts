import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ask } from '../../support/http-client.js';
import { EventClient } from '../../support/event-client.js';
import { startApp, type TestApp } from '../../support/app.js';
import { jobOf } from '../../support/passthru.js';
import { until } from '../../support/until.js';
import {
  CALLER_NAMES,
  type CallerName,
  CALLERS,
  expectedStatus,
  PUBLIC,
  type Row,
  TABLE,
  WITHOUT_EFFECT,
} from './table.js';

const tokenOf = (name: string) => `token-of-${name}-0123456789`;
const as = (name: CallerName, more: Ask = {}): Ask => ({
  ...more,
  headers: { Authorization: `Bearer ${tokenOf(name)}`, ...more.headers },
});

const RULES = `
rules:
  - name: readers-read
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: [system_reader, lessee_reader]
    lock: shared
    methods: [echo, log]
  - name: short-words
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: owner_member
    methods: report_progress
    arguments: { steps: { none_of: [4, 100] } }
  - name: short-logs
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: owner_member
    methods: collect_log
    arguments: { lines: { only: [1, 2] } }
  - name: long-sleeps
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: owner_member
    methods: sleep
    arguments: { seconds: { only: [3600] } }
  - name: any-words
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: owner_manager
    methods: report_progress
  - name: readers-update
    decision: allow
    actions: baremetal:node:update
    personas: owner_reader
  - name: readers-describe
    decision: allow
    actions: baremetal:node:update*
    personas: owner_reader
  - name: readers-repair
    decision: allow
    actions: baremetal:node:clear_maintenance
    personas: lessee_reader
  - name: no-maintenance
    decision: deny
    actions: baremetal:node:set_maintenance
    personas: owner_manager
`;

describe('the policy', () => {
  let folder: string;
  let app: TestApp;
  let job: string;
  let nodeUuid: string;
  const parts = { port: '', portgroup: '' };
  const node = 'shared';
  const NODE = {
    driver: 'fake-hardware',
    vendor_interface: 'fake-options',
    driver_info: { fake_slot: 1 },
    owner: 'team-a',
    lessee: 'team-b',
  };
  const useRules = (text: string) => writeFile(join(folder, 'policy.yaml'), text);
  const newNode = async (members: object = {}): Promise<string> => {
    const created = await app.http.post('/v1/nodes', { ...NODE, ...members }, as('systemAdmin'));
    return created.expect(201).json<{ uuid: string }>().uuid;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-policy-'));
    const callers = CALLER_NAMES.map((name) => {
      const digest = createHash('sha256').update(tokenOf(name)).digest('hex');
      return { name, token: `sha256:${digest}`, ...CALLERS[name] };
    });
    await writeFile(join(folder, 'callers.yaml'), JSON.stringify({ callers }));
    await useRules('rules: []');
    app = await startApp({
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: join(folder, 'callers.yaml'),
      FERRULE_POLICY: join(folder, 'policy.yaml'),
      FERRULE_SERVICE_PROJECT: 'services',
    });
    nodeUuid = await newNode({ name: node });
    parts.port = await newPart('ports');
    parts.portgroup = await newPart('portgroups');
    const path = `/v1/nodes/${node}/vendor_passthru/collect_log`;
    const accepted = jobOf(await app.http.post(path, {}, as('systemAdmin')));
    await until(async () => (await app.http.get(accepted, as('systemAdmin'))).text.includes('succeeded'));
    job = accepted.slice('/v1/jobs/'.length);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  let addresses = 0;
  const newAddress = (): string => {
    const number = (++addresses).toString(16).padStart(4, '0');
    return `52:54:00:00:${number.slice(0, 2)}:${number.slice(2)}`;
  };
  const newPart = async (collection: string): Promise<string> => {
    const body = { node_uuid: nodeUuid, address: newAddress() };
    const created = await app.http.post(`/v1/${collection}`, body, as('systemAdmin'));
    return created.expect(201).json<{ uuid: string }>().uuid;
  };
  /** With what a row has in braces. */
  const filledBody = (body: unknown): unknown =>
    body === undefined
      ? undefined
      : (JSON.parse(
          JSON.stringify(body).replace('{node_uuid}', nodeUuid).replace('{address}', newAddress()),
        ) as unknown);

  async function pathOf(row: Row): Promise<string> {
    let path = row.path.replace('{node}', node).replace('{job}', job);
    for (const one of ['port', 'portgroup'] as const) {
      path = path.replace(`{${one}}`, parts[one]);
      const fresh = `{fresh_${one}}`;
      if (path.includes(fresh)) path = path.replace(fresh, await newPart(`${one}s`));
    }
    return path.includes('{fresh}') ? path.replace('{fresh}', await newNode()) : path;
  }

  async function statusOf(row: Row, caller: CallerName): Promise<number> {
    const path = await pathOf(row);
    if (path === '/v1/events') {
      const { response } = await EventClient.open(`${app.http.base}${path}`, as(caller).headers);
      response.destroy();
      return response.statusCode ?? 0;
    }
    const answer = await app.http.send(row.verb, path, as(caller, { json: filledBody(row.body) }));
    return answer.status;
  }

  describe('by default', () => {
    it.each(TABLE.map((row) => [`${row.verb} ${row.path} ${JSON.stringify(row.body ?? '')}`, row] as const))(
      'says who may %s',
      async (_, row) => {
        const found: Partial<Record<CallerName, number>> = {};
        for (const caller of CALLER_NAMES) found[caller] = await statusOf(row, caller);
        const expected = CALLER_NAMES.map((caller) => [caller, expectedStatus(row, caller)]);
        expect(found).toEqual(Object.fromEntries(expected));
      },
    );

    it('decides about every route', () => {
      const layers = app.routes();
      const known = [...PUBLIC, ...WITHOUT_EFFECT];
      const missing = layers.flatMap(({ verbs, path, matches }) =>
        verbs
          .filter((verb) => {
            const isCalled = TABLE.some((row) => {
              const asked = row.path.replaceAll(/\{\w+\}/g, 'x').replace(/\?.*/, '');
              return (verb === 'ALL' || row.verb === verb) && matches(asked);
            });
            return !isCalled && !known.includes(`${verb} ${path}`);
          })
          .map((verb) => `${verb} ${path}`),
      );
      expect(layers.length).toBeGreaterThan(20);
      expect(missing).toEqual([]);
    });
  });

  it('lets callers list the nodes and the jobs that they may see', async () => {
    const foreign = await newNode({ owner: 'team-z', lessee: null });
    const listed = async (name: CallerName, path: string) =>
      (await app.http.get(path, as(name))).expect(200).json<Record<string, { uuid: string; id: string }[]>>();
    const nodes = async (name: CallerName) =>
      (await listed(name, '/v1/nodes'))['nodes']?.map(({ uuid }) => uuid);
    const jobs = async (name: CallerName) => (await listed(name, '/v1/jobs'))['jobs']?.map(({ id }) => id);
    expect(await nodes('systemReader')).toContain(foreign);
    for (const name of ['ownerReader', 'lesseeReader'] as const) {
      expect(await nodes(name)).not.toContain(foreign);
      expect((await nodes(name))?.length).toBeGreaterThan(0);
      expect(await jobs(name)).toContain(job);
    }
    expect(await jobs('strangeAdmin')).toEqual([]);
    for (const path of [`/v1/nodes?marker=${foreign}`, `/v1/jobs?marker=${foreign}`]) {
      (await app.http.get(path, as('ownerReader'))).expect(404);
    }
    (await app.http.get(`/v1/jobs?node=${node}`, as('strangeAdmin'))).expect(404);
  });

  it('shows what a method said to those who may call it with any arguments, and to the caller', async () => {
    const called = await newNode();
    const ended = async (method: string, args: object, name: CallerName = 'systemAdmin') => {
      const path = jobOf(
        await app.http.post(`/v1/nodes/${called}/vendor_passthru/${method}`, args, as(name)),
      );
      await until(async () =>
        /"(?:succeeded|failed)"/.test((await app.http.get(path, as('systemAdmin'))).text),
      );
      return path;
    };
    const hidden = '** Hidden: it needs the permission baremetal:node:vendor_passthru for any arguments. **';
    const shown = async (name: CallerName, path: string) =>
      (await app.http.get(path, as(name))).expect(200).json<Record<string, unknown>>();
    const listed = async (name: CallerName, path: string) => {
      const { jobs } = (await app.http.get('/v1/jobs', as(name))).json<{ jobs: { id: string }[] }>();
      return jobs.find(({ id }) => path.endsWith(id));
    };
    const done = await ended('report_progress', { steps: 1 });
    const known = {
      args: { steps: 1 },
      result: { steps: 1 },
      progress: { percent: 100, message: 'step 1 of 1' },
    };
    expect(await shown('systemAdmin', done)).toMatchObject(known);
    for (const name of ['systemReader', 'ownerAdmin', 'lesseeReader'] as const) {
      const unknown = {
        state: 'succeeded',
        ...{ args: hidden, result: hidden, progress: { percent: 100, message: hidden } },
      };
      expect(await shown(name, done)).toMatchObject({ ...unknown, method: 'report_progress', error: null });
      expect(await listed(name, done)).toMatchObject(unknown);
    }
    const failed = await ended('fail', { kind: 'conflict', message: 'the disk is gone' });
    const error = { code: 'Conflict', message: 'the disk is gone' };
    expect(await shown('ownerReader', failed)).toMatchObject({ state: 'failed', result: null, error });
    expect(await shown('lesseeAdmin', failed)).toMatchObject({ error: { ...error, message: hidden } });

    await useRules(RULES);
    await until(async () => (await shown('ownerManager', done))['result'] !== hidden);
    expect(await shown('ownerManager', done)).toMatchObject(known);
    expect(await shown('ownerMember', failed)).toMatchObject({ error });
    // A condition for the arguments lets it call the methods with some of them.
    expect(await shown('ownerMember', done)).toMatchObject({ result: hidden });
    expect(await listed('ownerMember', done)).toMatchObject({ result: hidden });
    const own = await ended('report_progress', { steps: 1 }, 'ownerMember');
    const log = await ended('collect_log', { lines: 1 }, 'ownerMember');
    expect(await shown('ownerMember', own)).toMatchObject(known);
    expect(await listed('ownerMember', own)).toMatchObject(known);
    expect(await shown('ownerReader', own)).toMatchObject({ result: hidden });
    const attached = await app.http.get(`/v1/jobs/${job}/attachment`, as('ownerMember'));
    expect(attached.expect(403).fault.faultstring).toContain('baremetal:node:vendor_passthru');
    (await app.http.get(`${log}/attachment`, as('ownerMember'))).expect(200);
    (await app.http.get(`${log}/attachment`, as('ownerManager'))).expect(403);
    // 409: it may cancel the job, which has ended.
    const cancel = async (name: CallerName, path: string) => (await app.http.delete(path, as(name))).status;
    expect(await cancel('ownerManager', done)).toBe(409);
    expect([await cancel('ownerMember', done), await cancel('ownerMember', own)]).toEqual([403, 409]);

    await useRules('rules: []');
    await until(async () => (await shown('ownerManager', done))['result'] === hidden);
    expect(await shown('ownerMember', own)).toMatchObject(known);
    expect(await cancel('ownerMember', own)).toBe(403);
  });

  it('answers for a node that a caller may not see as for one that is not there', async () => {
    const text = async (name: string, verb: string, below = '') =>
      (
        await app.http.send(verb, `/v1/nodes/${name}${below}`, as('strangeAdmin', { json: [] }))
      ).text.replaceAll(name, 'X');
    for (const [verb, below] of [
      ['GET'],
      ['PATCH'],
      ['DELETE'],
      ['POST', '/vendor_passthru/echo'],
    ] as const) {
      expect(await text(node, verb, below)).toBe(await text('nowhere', verb, below));
    }
    const ofChild = async (parent: string) => {
      const child = { driver: 'fake-hardware', parent_node: parent };
      return (await app.http.post('/v1/nodes', child, as('strangeAdmin'))).expect(403).text;
    };
    expect(await ofChild(node)).toBe(await ofChild('nowhere'));
  });

  it('hides values of fields from a lessee, alone and in lists', async () => {
    const shown = async (name: CallerName, path: string) =>
      (await app.http.get(path, as(name))).expect(200).json<Record<string, unknown>>();
    const hidden = { content: '** Hidden: it needs the permission baremetal:node:get:driver_info. **' };
    const values = { driver_info: { fake_slot: 1 }, reservation: null, last_error: null };
    expect(await shown('ownerReader', `/v1/nodes/${node}`)).toMatchObject(values);
    expect(await shown('systemReader', `/v1/nodes/${node}`)).toMatchObject(values);
    expect(await shown('lesseeReader', `/v1/nodes/${node}`)).toMatchObject({
      ...values,
      driver_info: hidden,
    });
    const { nodes } = await shown('lesseeAdmin', '/v1/nodes?fields=driver_info');
    expect(nodes).toContainEqual(expect.objectContaining({ driver_info: hidden }));
  });

  it('hides the last error from a lessee, in the states, too', async () => {
    const failed = await newNode();
    const text = "update nodes set last_error = 'it failed' where uuid = $1";
    await app.database.query({ name: 'test-last-error', text }, [failed]);
    for (const path of [`/v1/nodes/${failed}`, `/v1/nodes/${failed}/states`]) {
      const shown = async (name: CallerName) =>
        (await app.http.get(path, as(name))).expect(200).json<{ last_error: unknown }>().last_error;
      expect(await shown('ownerReader')).toBe('it failed');
      expect(await shown('lesseeReader')).toBe(
        '** Hidden: it needs the permission baremetal:node:get:last_error. **',
      );
    }
  });

  it('sorts nodes by a field only for those who may see it in all of them', async () => {
    for (const field of ['last_error', 'reservation']) {
      const list = (name: CallerName) => app.http.get(`/v1/nodes?sort_key=${field}`, as(name));
      (await list('systemReader')).expect(200);
      for (const name of ['lesseeReader', 'ownerReader'] as const) {
        expect((await list(name)).expect(403).fault.faultstring).toContain(`baremetal:node:get:${field}.`);
      }
    }
    await useRules(`
rules:
  - { name: secret-errors, decision: deny, actions: 'baremetal:node:get:*', personas: system_reader }
  - { name: open-locks, decision: allow, actions: baremetal:node:get:reservation, personas: lessee_reader }
`);
    const sorted = async (name: CallerName, field: string) =>
      app.http.get(`/v1/nodes?sort_key=${field}`, as(name));
    await until(async () => (await sorted('systemReader', 'last_error')).status === 403);
    expect((await sorted('systemReader', 'last_error')).fault.faultstring).toContain("'secret-errors'");
    (await sorted('lesseeReader', 'reservation')).expect(200);
    (await sorted('ownerReader', 'reservation')).expect(200);
    (await sorted('lesseeReader', 'last_error')).expect(403);
    await useRules('rules: []');
    await until(async () => (await sorted('systemReader', 'last_error')).status === 200);
  });

  it('makes the project of an admin the owner of what it creates', async () => {
    const created = await app.http.post('/v1/nodes', { driver: 'fake-hardware' }, as('strangeAdmin'));
    expect(created.expect(201).json()).toMatchObject({ owner: 'team-c' });
  });

  it('lets only system admins change the owner of a node that is in use', async () => {
    const active = await newNode();
    const text = "update nodes set provision_state = 'active' where uuid = $1";
    await app.database.query({ name: 'test-active', text }, [active]);
    const patch = (name: CallerName) =>
      app.http.patch(`/v1/nodes/${active}`, [{ op: 'replace', path: '/owner', value: 'team-a' }], as(name));
    for (const name of ['systemMember', 'systemService', 'nova'] as const) {
      expect((await patch(name)).expect(403).fault.faultstring).toContain(
        'resource: baremetal:node:update_owner_provisioned.',
      );
    }
    (await patch('systemAdmin')).expect(200);
  });

  it('names the action and the rule', async () => {
    const path = `/v1/nodes/${node}/vendor_passthru/echo`;
    const refused = (await app.http.get(path, as('ownerAdmin'))).expect(403);
    expect(refused.fault.faultstring).toBe(
      'Access was denied to the following resource: baremetal:node:vendor_passthru. By default it is for system_admin.',
    );
    const headers = { Accept: 'application/problem+json' };
    const problem = (await app.http.get(path, as('ownerAdmin', { headers }))).expect(403);
    expect(problem.json()).toMatchObject({ action: 'baremetal:node:vendor_passthru', rule: null });
  });

  describe('with a file of rules', () => {
    const call = (name: CallerName, method: string, args: object = {}, verb = 'POST') =>
      app.http.send(verb, `/v1/nodes/${node}/vendor_passthru/${method}`, as(name, { json: args }));
    const methods = async (name: CallerName) =>
      Object.keys(
        (await app.http.get(`/v1/nodes/${node}/vendor_passthru/methods`, as(name)))
          .expect(200)
          .json<object>(),
      );

    beforeAll(async () => {
      await useRules(RULES);
      await until(async () => (await call('systemReader', 'echo')).status === 200);
    });

    it('decides by method and lock', async () => {
      (await call('lesseeReader', 'echo')).expect(200);
      (await call('lesseeReader', 'work')).expect(403);
      (await call('ownerReader', 'echo')).expect(403);
      (await call('systemAdmin', 'work', { milliseconds: 0 })).expect(200);
      (await call('strangeAdmin', 'echo')).expect(404);
      (await call('lesseeReader', 'nonesuch')).expect(400);
      (await call('ownerReader', 'nonesuch')).expect(403);
    });

    it('decides by the arguments that the method gets, before it locks the node', async () => {
      const job = jobOf(await call('ownerMember', 'report_progress', { steps: 3 }));
      await until(async () => (await app.http.get(job, as('ownerMember'))).text.includes('succeeded'));
      // 4 is the default.
      for (const args of [{}, { steps: 4 }, { steps: 100 }, { steps: 1e2 }]) {
        (await call('ownerMember', 'report_progress', args)).expect(403);
      }
      (await call('ownerMember', 'report_progress', { steps: 'many' })).expect(400);
    });

    it('shows the methods that a caller may call', async () => {
      expect(await methods('lesseeReader')).toEqual(['echo', 'log']);
      expect(await methods('ownerMember')).toEqual(['collect_log', 'report_progress', 'sleep']);
      expect((await methods('systemAdmin')).length).toBeGreaterThan(5);
      const unknown = (await call('lesseeReader', 'nonesuch')).expect(400).text;
      expect(unknown).toContain(
        'No handler for method nonesuch in vendor interface fake-options; it has echo, log.',
      );
    });

    it('is recorded in the audit with the rule, also for a call that is denied', async () => {
      (await call('lesseeReader', 'echo', { a: 1 })).expect(200);
      (await call('ownerMember', 'report_progress', { steps: 100 })).expect(403);
      await until(async () => {
        const { audit } = (await app.http.get('/v1/audit?limit=50', as('systemAdmin'))).json<{
          audit: unknown[];
        }>();
        expect(audit).toContainEqual(
          expect.objectContaining({
            event: 'call',
            caller: expect.anything(),
            method: 'echo',
            rule: 'readers-read',
          }),
        );
        expect(audit).toContainEqual(expect.objectContaining({ event: 'denied', method: 'report_progress' }));
        return true;
      });
    });

    it.each([
      ['403', 'a change of a node', 'ownerAdmin', 'PUT', `/v1/nodes/${node}/maintenance`, 'no-maintenance'],
      ['403', 'a listing of the audit', 'ownerAdmin', 'GET', '/v1/audit', undefined],
      ['404', 'a node that the caller may not see', 'strangeAdmin', 'GET', `/v1/nodes/${node}`, undefined],
    ] as const)(
      'is recorded in the audit when it answers %s for %s',
      async (status, _, name, verb, path, rule) => {
        const { uuid } = (await app.http.get(`/v1/nodes/${node}`, as('systemAdmin'))).json<{
          uuid: string;
        }>();
        const answer =
          verb === 'PUT' ? await app.http.put(path, {}, as(name)) : await app.http.get(path, as(name));
        const requestId = answer.expect(Number(status)).headers['openstack-request-id'];
        await until(async () => {
          const listed = await app.http.get('/v1/audit?limit=50', as('systemAdmin'));
          const { audit } = listed.json<{ audit: Record<string, unknown>[] }>();
          const record = audit.find(({ request_id }) => request_id === requestId);
          if (!record) return false;
          expect(record).toMatchObject({
            event: 'denied',
            decision: 'denied',
            status: Number(status),
            caller: expect.any(String),
            remote_address: '127.0.0.1',
          });
          expect([record['rule'], record['node']]).toEqual([rule, path === '/v1/audit' ? undefined : uuid]);
          return true;
        });
      },
    );

    it('is recorded in the audit as a cancelling, with the rule and the job', async () => {
      const uuid = await newNode();
      const sleep = `/v1/nodes/${uuid}/vendor_passthru/sleep`;
      const path = jobOf(await app.http.post(sleep, { seconds: 3600 }, as('ownerMember')));
      const refused = (await app.http.delete(path, as('ownerReader'))).expect(403);
      expect(refused.fault.faultstring).toContain('resource: baremetal:node:vendor_passthru.');
      expect([200, 202]).toContain((await app.http.delete(path, as('ownerMember'))).status);
      const subject = { node: uuid, method: 'sleep', job: path.slice('/v1/jobs/'.length) };
      await until(async () => {
        const listed = await app.http.get('/v1/audit?action=ferrule:job:cancel', as('systemAdmin'));
        const { audit } = listed.json<{ audit: Record<string, unknown>[] }>();
        const records = audit.filter(({ node }) => node === uuid);
        if (records.length < 3) return false;
        expect(records).toHaveLength(3);
        for (const record of [
          { event: 'denied', decision: 'denied', status: 403 },
          { event: 'begin', decision: 'allowed', rule: 'long-sleeps' },
          { event: 'end' },
        ])
          expect(records).toContainEqual(expect.objectContaining({ ...subject, ...record }));
        return true;
      });
    });

    it('is recorded in the audit with the rules that allowed a change of a node', async () => {
      const { uuid } = (await app.http.get(`/v1/nodes/${node}`, as('systemAdmin'))).json<{ uuid: string }>();
      const patch = ['/description', '/driver_info/a', '/extra/a'].map((path) => {
        return { op: 'add', path, value: 'x' };
      });
      (await app.http.patch(`/v1/nodes/${node}`, patch, as('ownerReader'))).expect(200);
      (await app.http.delete(`/v1/nodes/${node}/maintenance`, as('lesseeReader'))).expect(202);
      const rulesOf = async (action: string) => {
        const listed = await app.http.get(
          `/v1/audit?node=${uuid}&action=${action}&limit=2`,
          as('systemAdmin'),
        );
        const { audit } = listed.json<{ audit: Record<string, unknown>[] }>();
        return audit.map(({ event, status, rule }) => [event, status, rule]);
      };
      for (const [action, status, rule] of [
        ['baremetal:node:update', 200, 'readers-update, readers-describe'],
        ['baremetal:node:clear_maintenance', 202, 'readers-repair'],
      ] as const) {
        await until(async () => (await rulesOf(action))[0]?.[0] === 'end');
        expect(await rulesOf(action)).toEqual([
          ['end', status, undefined],
          ['begin', undefined, rule],
        ]);
      }
    });

    it('is recorded for a flood of denials with the number of those that were left out', async () => {
      const { denialPeriods } = app.audit;
      await denialPeriods.run();
      const asked = () => app.http.get('/v1/audit', as('lesseeManager'));
      const answers = await Promise.all(Array.from({ length: 120 }, asked));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
      await denialPeriods.run();
      await until(async () => {
        const listed = await app.http.get(
          '/v1/audit?event=denied&caller=lesseeManager&limit=101',
          as('systemAdmin'),
        );
        const { audit } = listed.json<{ audit: { action: string; left_out?: number }[] }>();
        const ofFlood = audit.filter(({ action }) => action === 'ferrule:audit:get');
        return audit[0]?.left_out === 19 && ofFlood.length === 101;
      });
    });

    it('names the rule that denies', async () => {
      const refused = (await app.http.put(`/v1/nodes/${node}/maintenance`, {}, as('ownerAdmin'))).expect(403);
      expect(refused.fault.faultstring).toBe(
        "Access was denied to the following resource: baremetal:node:set_maintenance. It is denied by the rule 'no-maintenance'.",
      );
      (await app.http.put(`/v1/nodes/${node}/maintenance`, {}, as('ownerMember'))).expect(202);
    });

    it('keeps the rules when the file is changed to a wrong one, and says so', async () => {
      await useRules('rules:\n  - name: x\n    decision: deny\n    actions: baremetal:node:vendor_pasthru\n');
      const statuses: number[] = [];
      await until(async () => {
        statuses.push((await call('lesseeReader', 'echo')).status);
        return app.log.text.includes("line 4: rule 'x' names the unknown action");
      });
      statuses.push((await call('lesseeReader', 'echo')).status);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
});
