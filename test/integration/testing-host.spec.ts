import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import FakeDriver, { FakeOptionsVendor } from '@ferrule/driver-fake';
import { type Host, type Job, startHost } from '@ferrule/driver-testing';
import { JOB_STATES } from '../../src/database/job-state.js';
import { StrayDriver } from '../support/stray-driver.js';

async function postmasterOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true });
  const file = files.find((name) => name.endsWith('postmaster.pid')) ?? '';
  return Number((await readFile(join(folder, file), 'utf8')).split('\n')[0]);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('knows the states of a job', () => {
  // Not by a common constant, because the package for tests does not depend on the service.
  const known: Record<Job['state'], true> = {
    queued: true,
    running: true,
    succeeded: true,
    failed: true,
    cancelled: true,
    'timed-out': true,
    refused: true,
    'outcome-unknown': true,
  };
  expect(Object.keys(known)).toEqual([...JOB_STATES]);
});

describe('startHost', () => {
  let host: Host;
  const options = { vendor_interface: 'fake-options' };

  beforeAll(async () => {
    host = await startHost({
      drivers: [FakeDriver],
      packageName: '@ferrule/driver-fake',
      settings: { FERRULE_FAKE_SITE: 'lab' },
    });
  });

  afterAll(() => host.stop());

  it('creates nodes of the first hardware type and calls their methods with the first verb', async () => {
    const node = await host.node(options);
    expect(node.driver).toBe('fake-hardware');
    const answer = await host.call(node, 'echo', { a: 1 });
    expect(answer.expect(200).json).toEqual({ http_method: 'GET', args: { a: 1 } });
  });

  it('waits for the job of an asynchronous method', async () => {
    const node = await host.node(options);
    expect(await host.callAndWait(node, 'report_progress', { steps: 2 })).toMatchObject({
      state: 'succeeded',
      progress: { percent: 100 },
      result: { steps: 2 },
    });
    expect(await host.callAndWait(node, 'fail', { message: 'no' })).toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('no') },
    });
  });

  it('calls driver-level methods, with the settings given', async () => {
    const answer = await host.callDriver(
      'fake-hardware',
      'driver_info',
      {},
      { vendorInterface: 'fake-options' },
    );
    expect(answer.expect(200).json).toMatchObject({ driver: 'fake-hardware', site: 'lab' });
  });

  it('locks nodes as another call would', async () => {
    const node = await host.node(options);
    const lock = await host.lock(node);
    expect((await host.call(node, 'work')).status).toBe(409);
    await lock.release();
    expect((await host.call(node, 'work')).status).toBe(200);
  });

  it('gives providers of the driver', () => {
    expect(host.get(FakeOptionsVendor)).toBeInstanceOf(FakeOptionsVendor);
  });

  it('finds a driver by the folder of its package', async () => {
    const folder = resolve(import.meta.dirname, '../fixtures/driver-stray');
    const other = await startHost({ packages: [folder] });
    try {
      const methods = await other.methods(await other.node());
      expect(methods).toMatchObject({ forget: { package: 'ferrule-driver-stray@1.0.0' } });
    } finally {
      await other.stop();
    }
  });

  it('ends a call with an error that its driver left uncaught', async () => {
    const other = await startHost({ drivers: [StrayDriver, FakeDriver] });
    try {
      // Each locks its node for a moment longer. Of two hardware types the first is taken, although it is the second by
      // name.
      const node = () => other.node();
      expect((await node()).driver).toBe('stray');
      for (const method of ['reject', 'throw_later']) {
        const answer = await other.call(await node(), method);
        expect(answer.status).toBe(500);
        expect(answer.message).toContain(`left by ${method}`);
      }
      const job = await other.callAndWait(await node(), 'reject_in_job');
      expect(job).toMatchObject({
        state: 'failed',
        error: { message: expect.stringContaining('left by job') },
      });
      expect(other.strayErrors).toHaveLength(3);
      const logged = other.log.filter((entry) =>
        /^Nobody .* of ferrule-driver-tested@0\.0\.0 during req-/.test(entry),
      );
      expect(logged).toHaveLength(3);
      expect(
        (await other.call(await other.node({ ...options, driver: 'fake-hardware' }), 'work')).status,
      ).toBe(200);
    } finally {
      await other.stop();
    }
  });

  it('says why a class is no driver', async () => {
    class Nothing {}
    await expect(startHost({ drivers: [Nothing] })).rejects.toThrow(
      'Package ferrule-driver-tested, class Nothing: it is the default export, but has no @DriverModule.',
    );
  });

  it('leaves no folder and no process when it was stopped', async () => {
    const second = await startHost({ drivers: [FakeDriver] });
    const server = await postmasterOf(second.folder);
    expect(isRunning(server)).toBe(true);
    await second.stop();
    await second.stop();
    expect(existsSync(second.folder)).toBe(false);
    expect(isRunning(server)).toBe(false);
    await expect(second.ask('GET', '/v1')).rejects.toThrow('ECONNREFUSED');
  });
});
