import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { describeDriver, fakeTask, startHost } from '@ferrule/driver-testing';
import { AcmeXrClient } from './acme-xr.client.js';
import { AcmeXrSettings } from './acme-xr.settings.js';
import { AcmeXrVendor } from './acme-xr.vendor.js';
import AcmeXrDriver from './index.js';

const driverInfo = { acme_xr_address: '192.0.2.7' };

describe('a method alone', () => {
  const vendor = new AcmeXrVendor(new AcmeXrClient(), new AcmeXrSettings({}));

  it('reports progress and keeps what it flashed', async () => {
    const task = fakeTask({ driverInfo });
    await vendor.flashFirmware(task, { component: 'bios', version: '1.1' });
    assert.equal(task.reports.at(-1)?.percent, 100);
    assert.deepEqual(task.internalInfo, { acme_xr_bios_version: '1.1' });
  });

  it('ends when its task is aborted', async () => {
    const task = fakeTask({ driverInfo });
    const flashing = vendor.flashFirmware(task, { component: 'bios', version: '1.1' });
    task.abort();
    await assert.rejects(flashing, { name: 'AbortError' });
  });
});

describe('in the service', () => {
  let host;
  let node;

  before(async () => {
    host = await startHost({ drivers: [AcmeXrDriver], packageName: 'ferrule-driver-acme-xr' });
    node = await host.node({ driver_info: driverInfo });
  });
  after(() => host?.stop());

  it('answers a synchronous call', async () => {
    const answer = await host.call(node, 'set_led', { state: 'on' });
    assert.deepEqual([answer.status, answer.json], [200, { address: '192.0.2.7', led: 'on' }]);
  });

  it('refuses a wrong argument', async () => {
    const answer = await host.call(node, 'set_led', { state: 'blinking' });
    assert.equal(answer.status, 400);
    assert.match(answer.message, /state/);
  });

  it('ends an asynchronous call with a job', async () => {
    const job = await host.callAndWait(node, 'flash_firmware', { version: '1.1' });
    assert.deepEqual([job.state, job.result], ['succeeded', { component: 'bios', version: '1.1' }]);
  });

  it('sends a file', async () => {
    const answer = await host.call(node, 'event_log');
    assert.match(answer.headers['content-disposition'] ?? '', /events\.txt/);
    assert.equal(answer.bytes.toString(), '192.0.2.7: nothing to report\n');
  });

  it('answers a driver-level call', async () => {
    const answer = await host.callDriver('acme-xr', 'catalogue');
    assert.equal(answer.status, 200);
  });
});

// `npx ferrule-check` lists the rules.
describeDriver(AcmeXrDriver, {
  driverInfo,
  examples: {
    set_led: { args: { state: 'on' } },
    flash_firmware: { args: { version: '1.1' } },
  },
  exempt: {
    'validate-without-bmc': 'the client only pretends to talk to a BMC',
    'error-unreachable': 'the client only pretends to talk to a BMC',
  },
});
