import { startApp, type TestApp } from '../support/app.js';
import { type AuditView } from '../../src/audit/audit.view.js';
import { type Answer, type Ask } from '../support/http-client.js';
import { lockNode, unlockNode } from '../support/locks.js';
import { until } from '../support/until.js';
import { createNode, ended, fields, type JobDocument, readJob, unlocked } from '../support/passthru.js';
import { resolve } from 'node:path';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const LAB = { driver: 'lab-hardware', vendor_interface: 'lab' };
const NOBODY = '00000000-0000-4000-8000-00000000dead';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,lab-hardware',
    FERRULE_DRIVER_ROOT: FIXTURES,
  });
});
afterAll(() => app.close());

async function recordsOf(node: string, action: string): Promise<readonly AuditView[]> {
  const answer = (await app.http.get(`/v1/audit?node=${node}`)).expect(200);
  return answer.json<{ audit: AuditView[] }>().audit.filter((record) => record.action === action);
}

describe('the power of a node', () => {
  const ask = (node: string, body: unknown, more: Ask = {}): Promise<Answer> =>
    app.http.put(`/v1/nodes/${node}/states/power`, body, more);
  const jobBehind = (accepted: Answer): string => `/v1/jobs/${String(accepted.headers['ferrule-job-id'])}`;
  const change = async (node: string, body: unknown): Promise<JobDocument> =>
    ended(app.http, jobBehind((await ask(node, body)).expect(202)));
  const states = (node: string) => fields(app.http, node, 'power_state', 'target_power_state', 'last_error');

  it('is unknown at first, and then what it was changed to', async () => {
    const node = await createNode(app.http);
    expect(await states(node)).toEqual({ power_state: null, target_power_state: null, last_error: null });
    for (const [target, state] of [
      ['power on', 'power on'],
      ['rebooting', 'power on'],
      ['soft rebooting', 'power on'],
      ['soft power off', 'power off'],
      ['power off', 'power off'],
    ]) {
      expect(await change(node, { target })).toMatchObject({
        state: 'succeeded',
        kind: 'power',
        vendor_interface: 'fake',
        method: 'set_power_state',
        args: { target },
        result: state,
      });
      expect(await states(node)).toEqual({ power_state: state, target_power_state: null, last_error: null });
    }
    const shown = (await app.http.get(`/v1/nodes/${node}/states`)).expect(200);
    expect(shown.json()).toMatchObject({ power_state: 'power off', target_power_state: null });
  });

  it('is changed as a job, which the answer names beside the place of the states', async () => {
    const node = await createNode(app.http, { name: 'told' });
    const accepted = (await ask('told', { target: 'power on' })).expect(202);
    expect(accepted.text).toBe('');
    expect(accepted.headers['location']).toBe(`${app.http.base}/v1/nodes/told/states`);
    await ended(app.http, jobBehind(accepted));
    const shown = (await app.http.get(`/v1/nodes/${node}`)).expect(200);
    expect(shown.json()).toMatchObject({ updated_at: expect.any(String), reservation: null });
  });

  it('may be asked for in the query, and once with a key', async () => {
    const node = await createNode(app.http);
    const key = { headers: { 'Idempotency-Key': `power-${node}` } };
    const path = `/v1/nodes/${node}/states/power?target=power%20on&timeout=30`;
    const first = (await app.http.put(path, undefined, key)).expect(202);
    await ended(app.http, jobBehind(first));
    const second = (await app.http.put(path, undefined, key)).expect(202);
    expect(jobBehind(second)).toBe(jobBehind(first));
    expect(second.headers['location']).toBe(first.headers['location']);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('has an error if it does not change within the time, which stays until the next change', async () => {
    const node = await createNode(app.http, LAB);
    await change(node, { target: 'power on' });
    const accepted = (await ask(node, { target: 'soft power off', timeout: '1' })).expect(202);
    expect(await ended(app.http, jobBehind(accepted))).toMatchObject({
      state: 'failed',
      error: { code: 'PowerStateFailure', message: expect.stringContaining('soft power off') },
    });
    (await app.http.get(`/v1/nodes/${node}/management/boot_device`)).expect(200);
    expect(await states(node)).toEqual({
      power_state: 'power on',
      target_power_state: null,
      last_error:
        "Failed to change power state to 'soft power off'. Error: Failed to set node power state to soft power off: it was not reached within 1 s.",
    });
    await change(node, { target: 'power off' });
    expect(await states(node)).toEqual({
      power_state: 'power off',
      target_power_state: null,
      last_error: null,
    });
  });

  it('has a target while it changes, and none once the change is cancelled', async () => {
    const node = await createNode(app.http, LAB);
    await change(node, { target: 'power on' });
    const accepted = (await ask(node, { target: 'soft power off' })).expect(202);
    expect(await states(node)).toMatchObject({ power_state: 'power on', target_power_state: 'power off' });
    const listed = await app.http.get(`/v1/nodes?fields=uuid,target_power_state&sort_key=target_power_state`);
    expect(listed.expect(200).json<{ nodes: unknown[] }>().nodes).toContainEqual(
      expect.objectContaining({ uuid: node, target_power_state: 'power off' }),
    );
    // A job that is queued is cancelled at once, with 200.
    await until(async () => (await readJob(app.http, jobBehind(accepted))).state === 'running');
    (await app.http.delete(jobBehind(accepted))).expect(202);
    expect(await ended(app.http, jobBehind(accepted))).toMatchObject({ state: 'cancelled' });
    await unlocked(app.http, node);
    expect(await states(node)).toMatchObject({ power_state: 'power on', target_power_state: null });
  });

  it.each<[string, unknown, number, Ask?]>([
    ['no target', {}, 400],
    ['a list', [], 400],
    ['a number', { target: 1 }, 400],
    ['null', { target: null }, 400],
    ['a word of the command', { target: 'reboot' }, 400],
    ['capitals', { target: 'Power On' }, 400],
    ['another argument', { target: 'power on', nonesuch: 1 }, 400],
    ['a timeout of 0', { target: 'power on', timeout: 0 }, 400],
    ['a negative timeout', { target: 'power on', timeout: -1 }, 400],
    ['a timeout that is too long', { target: 'power on', timeout: 7201 }, 400],
    ['a timeout that is a word', { target: 'power on', timeout: 'soon' }, 400],
    ['a timeout with a fraction', { target: 'power on', timeout: 1.5 }, 400],
    ['a soft target before it was there', { target: 'soft power off' }, 406, { version: 26 }],
    ['a timeout before it was there', { target: 'power off', timeout: 5 }, 406, { version: 26 }],
  ])('is refused with %s, and the lock is not taken', async (_, body, status, more = {}) => {
    const node = await createNode(app.http);
    (await ask(node, body, more)).expect(status);
    expect(await fields(app.http, node, 'reservation')).toEqual({ reservation: null });
    // Before the node is looked up, but for what depends on it.
    const isSyntax = status === 400 && (await ask(NOBODY, body, more)).status === 400;
    (await ask(NOBODY, body, more)).expect(isSyntax ? 400 : 404);
  });

  it('is refused where there is no node, no power interface, and no power off', async () => {
    expect((await ask(NOBODY, { target: 'power on' })).expect(404).fault.faultstring).toContain(NOBODY);
    (await ask(NOBODY, { target: 'power on', nonesuch: 1 })).expect(400);
    const node = await createNode(app.http, { disable_power_off: true });
    expect((await ask(node, { target: 'soft power off' })).expect(409).fault.faultstring).toContain(
      'disable_power_off',
    );
    expect(await change(node, { target: 'rebooting' })).toMatchObject({ state: 'succeeded' });
    (await app.http.get(`/v1/nodes/${node}/states/power`)).expect(405);
  });

  it('is refused while the node is locked, and changed in maintenance', async () => {
    const node = await createNode(app.http, { maintenance: true });
    await lockNode(app.database, node, 'other-conductor');
    const refused = (await ask(node, { target: 'power on' })).expect(409);
    expect(refused.fault.faultstring).toContain('other-conductor');
    await unlockNode(app.database, node);
    expect(await change(node, { target: 'power on' })).toMatchObject({ state: 'succeeded' });
  });

  it('has records in the audit with an action of their own', async () => {
    const node = await createNode(app.http);
    await change(node, { target: 'power on' });
    let records: readonly AuditView[] = [];
    await until(async () => {
      records = await recordsOf(node, 'baremetal:node:set_power_state');
      return records.length === 3;
    });
    expect(records.map(({ event, method, state }) => [event, method, state]).sort()).toEqual([
      ['begin', 'set_power_state', undefined],
      ['end', 'set_power_state', undefined],
      ['job', 'set_power_state', 'succeeded'],
    ]);
    expect(records.some((record) => record.vendor_interface !== undefined)).toBe(false);
  });
});

describe('what a node boots from', () => {
  let node: string;
  beforeAll(async () => {
    node = await createNode(app.http);
  });

  const management = (path: string) => `/v1/nodes/${node}/management/${path}`;

  it('is asked of the interface and set there', async () => {
    (await app.http.put(management('boot_device'), { boot_device: 'pxe', persistent: true })).expect(204);
    (await app.http.put(management('boot_device?boot_device=pxe&persistent=off'))).expect(204);
    const shown = (await app.http.get(management('boot_device'))).expect(200);
    expect(shown.json()).toEqual({ boot_device: 'pxe', persistent: false });
    const supported = (await app.http.get(management('boot_device/supported'))).expect(200);
    expect(supported.json()).toEqual({ supported_boot_devices: ['pxe'] });
  });

  it.each<[unknown]>([
    [{}],
    [{ boot_device: null }],
    [{ boot_device: 'banana' }],
    [{ boot_device: 'disk' }],
    [{ boot_device: 'pxe', persistent: 'perhaps' }],
    [{ boot_device: 'pxe', nonesuch: 1 }],
  ])('is not set by %j', async (body) => {
    (await app.http.put(management('boot_device'), body)).expect(400);
  });

  it('is not asked or set while the node is locked, but what it supports is', async () => {
    await lockNode(app.database, node, 'other-conductor');
    (await app.http.get(management('boot_device'))).expect(409);
    (await app.http.put(management('boot_device'), { boot_device: 'pxe' })).expect(409);
    (await app.http.put(management('inject_nmi'))).expect(409);
    (await app.http.get(management('boot_device/supported'))).expect(200);
    await unlockNode(app.database, node);
  });

  it('is left by an interrupt, which older microversions do not have', async () => {
    (await app.http.put(management('inject_nmi'), {})).expect(204);
    (await app.http.put(management('inject_nmi'))).expect(204);
    (await app.http.put(management('inject_nmi'), { now: true })).expect(400);
    (await app.http.put(management('inject_nmi'), {}, { version: 28 })).expect(404);
  });

  it('is in the audit', async () => {
    (await app.http.put(management('boot_device'), { boot_device: 'pxe' })).expect(204);
    await until(async () =>
      (await recordsOf(node, 'baremetal:node:set_boot_device')).some(({ event }) => event === 'end'),
    );
  });
});
