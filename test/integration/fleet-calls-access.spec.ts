import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rotation } from '../../src/keys/rotation.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { startApp, type TestApp } from '../support/app.js';
import { asCaller, testAuthenticator } from '../support/callers.js';
import { fleetCallEnded, type FleetDocument, type FleetNode, touchedNodes } from '../support/fleet.js';
import { closeGate, forget, touched, TOUCHED } from '../support/fleet-driver.js';
import { type Ask } from '../support/http-client.js';
import { until } from '../support/until.js';

const RULES = `
rules:
  - name: owners-touch
    decision: allow
    actions: baremetal:node:vendor_passthru
    personas: owner_admin
    methods: touch
    arguments: { level: { only: [1, 2] } }
  - name: owners-make-fleet-calls
    decision: allow
    actions: ferrule:fleet_call:create
    personas: project_admin
  - name: auditors-see-fleet-calls
    decision: allow
    actions: ferrule:fleet_call:get
    roles: auditor
`;

const team = asCaller({ name: 'team', roles: ['admin'], projectId: 'team-a', hasSystemScope: false });
const mate = asCaller({ name: 'mate', roles: ['admin'], projectId: 'team-a', hasSystemScope: false });
const reader = asCaller({ name: 'reader', roles: ['reader'] });
/** Sees fleet calls, but none of these nodes; the other one sees those that its project leases. */
const auditor = asCaller({ name: 'auditor', roles: ['auditor'], projectId: 'team-c', hasSystemScope: false });
const lessee = asCaller({
  name: 'lessee',
  roles: ['auditor', 'reader'],
  projectId: 'team-b',
  hasSystemScope: false,
});
const former = asCaller({ name: 'team', roles: ['reader'], projectId: 'team-a', hasSystemScope: false });

describe('fleet calls', () => {
  let folder: string;
  let app: TestApp;
  const [key, next] = [randomBytes(32), randomBytes(32)];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-fleet-'));
    await writeFile(join(folder, 'policy.yaml'), RULES);
    const env = {
      FERRULE_ENABLED_HARDWARE_TYPES: 'touched',
      FERRULE_POLICY: join(folder, 'policy.yaml'),
      FERRULE_SECRETS_KEY: [next, key].map((each) => each.toString('base64')).join(),
    };
    app = await startApp(env, TOUCHED, testAuthenticator);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(forget);

  const make = (body: object, ask: Ask) =>
    app.http.post('/v1/fleet_calls', { method: 'touch', stop_after: null, ...body }, ask);
  const nodesOf = (...owners: readonly { owner?: string; lessee?: string }[]) =>
    touchedNodes(app.http, owners.length, (index) => owners[index] ?? {});

  it('ask the policy for each node, and refuse where it says no', async () => {
    const [own = '', leased = ''] = await nodesOf({ owner: 'team-a' }, { owner: 'team-b', lessee: 'team-a' });
    const { id } = (await make({ nodes: [leased, own] }, team)).expect(202).json<FleetDocument>();
    expect(await fleetCallEnded(app.http, `/v1/fleet_calls/${id}`)).toMatchObject({
      state: 'finished',
      caller: 'team',
      counts: { succeeded: 1, refused: 1 },
      failures: [{ node: leased, job: null, error: { code: 'Forbidden' } }],
    });
    expect(touched).toEqual([own]);
    const dry = await app.http.post(
      '/v1/fleet_calls?dry_run=true',
      { method: 'touch', nodes: [leased, own] },
      team,
    );
    expect(dry.expect(200).json()).toMatchObject({
      accepted: 1,
      refused: 1,
      refusals: [{ node: leased, error: { code: 'Forbidden' } }],
    });
  });

  it('are refused as a whole if the caller may call none, also because of an argument', async () => {
    const [own = '', leased = ''] = await nodesOf({ owner: 'team-a' }, { lessee: 'team-a' });
    (await make({ nodes: [own], args: { level: 3 } }, team)).expect(403);
    (await make({ nodes: [leased] }, team)).expect(403);
    (await make({ nodes: [own] }, reader)).expect(403);
    const [hidden = ''] = await nodesOf({ owner: 'team-b' });
    expect((await make({ nodes: [hidden] }, team)).expect(400).fault.faultstring).toMatch(
      /1 node could not be found/,
    );
    expect(touched).toEqual([]);
  });

  it('can be seen and stopped by their caller, and by those whom the policy allows to', async () => {
    const [own = ''] = await nodesOf({ owner: 'team-a' });
    const open = closeGate();
    const { id } = (await make({ nodes: [own] }, team)).expect(202).json<FleetDocument>();
    const path = `/v1/fleet_calls/${id}`;
    (await app.http.get(path, mate)).expect(403);
    (await app.http.get(path, reader)).expect(200);
    (await app.http.delete(path, reader)).expect(403);
    (await app.http.put(`${path}/state`, { target: 'paused' }, reader)).expect(403);
    (await app.http.put(`${path}/state`, { target: 'paused' }, team)).expect(200);
    const listed = async (ask: Ask) =>
      (await app.http.get('/v1/fleet_calls', ask))
        .expect(200)
        .json<{ fleet_calls: FleetDocument[] }>()
        .fleet_calls.map((call) => call.id);
    expect(await listed(mate)).toEqual([]);
    expect(await listed(team)).toContain(id);
    (await app.http.delete(path, team)).expect(202);
    expect(await fleetCallEnded(app.http, path)).toMatchObject({
      state: 'cancelled',
      cancel_requested_by: 'team',
    });
    open();
  });

  it('show others only the nodes that they may see, and errors only to those who may see errors of jobs', async () => {
    const [leased = '', other = ''] = await nodesOf({ owner: 'team-a', lessee: 'team-b' }, {});
    const extra = [{ op: 'add', path: '/extra/broken', value: true }];
    for (const uuid of [leased, other]) (await app.http.patch(`/v1/nodes/${uuid}`, extra)).expect(200);
    const { id } = (await make({ nodes: [leased, other] }, {})).expect(202).json<FleetDocument>();
    const path = `/v1/fleet_calls/${id}`;
    expect((await fleetCallEnded(app.http, path)).failures).toHaveLength(2);
    const seenBy = async (ask: Ask): Promise<readonly FleetNode[]> => {
      const { failures, counts } = (await app.http.get(path, ask)).expect(200).json<FleetDocument>();
      expect(counts).toEqual({ failed: 2 });
      const { nodes } = (await app.http.get(`${path}/nodes`, ask)).json<{ nodes: readonly FleetNode[] }>();
      expect(nodes).toEqual(failures);
      return nodes;
    };
    expect(await seenBy(auditor)).toEqual([]);
    const jobOf = async (node: FleetNode | undefined, ask: Ask) =>
      (await app.http.get(`/v1/jobs/${node?.job}`, ask)).expect(200).json<{ error: unknown }>().error;
    const toReader = await seenBy(reader);
    expect(toReader.map(({ node }) => node)).toEqual([leased, other]);
    expect(toReader[0]?.error).toEqual(await jobOf(toReader[0], reader));
    const toLessee = await seenBy(lessee);
    expect(toLessee).toMatchObject([{ node: leased, error: { code: 'Conflict' } }]);
    expect(toLessee[0]?.error?.message).toMatch(/^\*\* Hidden: /);
    expect(toLessee[0]?.error).toEqual(await jobOf(toLessee[0], lessee));
  });

  it('are hidden from their caller when it may make none any more', async () => {
    const [own = ''] = await nodesOf({ owner: 'team-a' });
    const { id } = (await make({ nodes: [own] }, team)).expect(202).json<FleetDocument>();
    await fleetCallEnded(app.http, `/v1/fleet_calls/${id}`);
    for (const path of ['', `/${id}`, `/${id}/nodes`]) {
      (await app.http.get(`/v1/fleet_calls${path}`, team)).expect(200);
      (await app.http.get(`/v1/fleet_calls${path}`, former)).expect(403);
    }
  });

  it('go on with the rights of their caller, whoever resumes them', async () => {
    const nodes = await nodesOf({ owner: 'team-a' }, { owner: 'team-b', lessee: 'team-a' });
    const open = closeGate();
    const { id } = (await make({ nodes, parallelism: 1 }, team)).expect(202).json<FleetDocument>();
    const path = `/v1/fleet_calls/${id}`;
    await until(() => touched.length === 1);
    (await app.http.put(`${path}/state`, { target: 'paused' })).expect(200);
    open();
    (await app.http.put(`${path}/state`, { target: 'running' })).expect(200);
    expect(await fleetCallEnded(app.http, path)).toMatchObject({
      counts: { succeeded: 1, refused: 1 },
      failures: [{ node: nodes[1], error: { code: 'Forbidden' } }],
    });
  });

  it('cancel their jobs in the name of who cancelled them', async () => {
    const [own = ''] = await nodesOf({ owner: 'team-a' });
    closeGate();
    const { id } = (await make({ nodes: [own] }, team)).expect(202).json<FleetDocument>();
    await until(() => touched.length === 1);
    const ops = asCaller({ name: 'ops', roles: ['admin'] });
    (await app.http.delete(`/v1/fleet_calls/${id}`, ops)).expect(202);
    await fleetCallEnded(app.http, `/v1/fleet_calls/${id}`);
    const { jobs } = (await app.http.get(`/v1/jobs?fleet_call=${id}`)).json<{ jobs: object[] }>();
    expect(jobs).toMatchObject([{ state: 'cancelled', caller: 'team', cancel_requested_by: 'ops' }]);
  });

  it('are in the audit, with the callers that made and stopped them', async () => {
    const [own = ''] = await nodesOf({ owner: 'team-a' });
    const open = closeGate();
    const { id } = (await make({ nodes: [own], args: { level: 2 } }, team)).expect(202).json<FleetDocument>();
    interface Shown {
      readonly event: string;
      readonly action: string;
      readonly fleet_call?: string;
    }
    const ofFleetCall = async (): Promise<Shown[]> => {
      const { audit } = (await app.http.get('/v1/audit')).json<{ audit: Shown[] }>();
      return audit.filter((record) => record.fleet_call === id).reverse();
    };
    // The record of an end is written after the answer.
    await until(async () => (await ofFleetCall()).length === 2);
    await until(() => touched.length === 1);
    (await app.http.delete(`/v1/fleet_calls/${id}`)).expect(202);
    open();
    await fleetCallEnded(app.http, `/v1/fleet_calls/${id}`);
    await until(async () => (await ofFleetCall()).length === 4);
    expect(await ofFleetCall()).toMatchObject([
      {
        event: 'begin',
        action: 'ferrule:fleet_call:create',
        caller: 'team',
        method: 'touch',
        arguments: { level: 2 },
        rule: 'owners-make-fleet-calls',
      },
      { event: 'end', action: 'ferrule:fleet_call:create', status: 202 },
      { event: 'begin', action: 'ferrule:fleet_call:control' },
      { event: 'end', action: 'ferrule:fleet_call:control', status: 202 },
    ]);
  });

  it('keep their arguments encrypted, go on after a rotation of the key, and forget them at the end', async () => {
    const secret = `secret-${randomUUID()}`;
    const nodes = await nodesOf({}, {});
    const open = closeGate();
    const body = { nodes, args: { key: secret }, parallelism: 1 };
    const { id } = (await make(body, {})).expect(202).json<FleetDocument>();
    await until(() => touched.length === 1);
    const stored = async (): Promise<string> => {
      const statement = {
        name: 'test-args',
        text: 'select args::text as args from fleet_calls where id = $1',
      };
      return (await app.database.query<{ args: string }>(statement, [id]))[0]?.args ?? '';
    };
    const before = await stored();
    expect(before).toMatch(/^"ferrule-sealed:/);
    await new Rotation(new SecretsAtRest([key, next]), new AbortController().signal)
      .run(app.database)
      .catch((error: unknown) => expect(String(error)).toMatch(/another key/));
    expect(await stored()).not.toBe(before);
    open();
    await fleetCallEnded(app.http, `/v1/fleet_calls/${id}`);
    expect(touched).toEqual(nodes);
    expect(await stored()).toBe('{}');
    expect((await app.http.get('/v1/audit')).text).not.toContain(secret);
    const { jobs } = (await app.http.get(`/v1/jobs?fleet_call=${id}`)).json<{ jobs: { args: unknown }[] }>();
    expect(jobs.map(({ args }) => args)).toEqual([{ key: '******' }, { key: '******' }]);
  });
});
