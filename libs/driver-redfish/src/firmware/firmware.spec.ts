import { JobCancelled } from '@ferrule/driver-kit';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const INVENTORY = '/redfish/v1/UpdateService/FirmwareInventory';
const IMAGE = 'https://192.0.2.1/bmc.bin';

const updates = () =>
  bmc.requests.filter(({ path }) => path.endsWith('.SimpleUpdate')).map(({ body }) => body);

describe('firmware_inventory', () => {
  it('returns each item with its version, in one request once the inventory is known', async () => {
    await start();
    const item = (id: string) => ({
      path: `${INVENTORY}/${id}`,
      id,
      name: `${id} Firmware`,
      version: '1.0.0',
      updateable: true,
    });
    const shown = { firmware: [item('BMC'), item('BIOS')] };
    expect(await bench.ask('firmware_inventory')).toEqual(shown);
    bmc.forget();
    expect(await bench.ask('firmware_inventory')).toEqual(shown);
    expect(bmc.requests).toHaveLength(1);
  });

  it('is not supported where the BMC has none', async () => {
    await start();
    bmc.remove('/redfish/v1/UpdateService');
    bmc.change('/redfish/v1', { UpdateService: { '@odata.id': '' } });
    expect(await failureOf(bench.call('firmware_inventory'))).toMatchObject({
      status: 400,
      code: 'UnsupportedDriverExtension',
    });
  });
});

describe('update_firmware', () => {
  it('tells the progress of the task, and ends with it', async () => {
    await start({ misbehave: { updateTask: { polls: 3 } } });
    expect(await bench.ask('update_firmware', { image: IMAGE })).toMatchObject({
      image: IMAGE,
      state: 'Completed',
    });
    expect(updates()).toEqual([{ ImageURI: IMAGE }]);
    const percents = bench.progress.flatMap(({ percent }) => percent ?? []);
    expect(percents.length).toBeGreaterThan(1);
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
    expect(bmc.resource(`${INVENTORY}/BMC`)).toMatchObject({ Version: '2.0.0' });
  });

  it('updates the targets, with the account and at the time that were asked for', async () => {
    await start({ profile: 'dell-idrac9' });
    const targets = [`${INVENTORY}/BIOS`];
    const secret = { username: 'reader', password: 'planted-secret' };
    const made = await bench.ask('update_firmware', {
      image: IMAGE,
      targets,
      ...secret,
      apply_time: 'OnReset',
    });
    expect(updates()).toEqual([
      {
        ImageURI: IMAGE,
        Targets: targets,
        Username: 'reader',
        Password: 'planted-secret',
        '@Redfish.OperationApplyTime': 'OnReset',
      },
    ]);
    expect(made['task']).toMatch(/\/JID_\d+$/);
    expect(JSON.stringify([made, bench.progress])).not.toContain('planted-secret');
    expect(bmc.resource(`${INVENTORY}/BMC`)).toMatchObject({ Version: '1.0.0' });
  });

  it('returns a task that waits for a restart', async () => {
    await start({ misbehave: { updateTask: { running: 'Scheduled', polls: 1_000 } } });
    expect(await bench.ask('update_firmware', { image: IMAGE })).toMatchObject({
      state: 'Scheduled',
      task: expect.stringContaining('/Tasks/'),
    });
  });

  it('fails with the messages of the task', async () => {
    const messages = [{ id: 'Update.1.0.ApplyFailed', text: 'The image is not for this machine.' }];
    await start({ misbehave: { updateTask: { final: 'Exception', messages } } });
    expect((await failureOf(bench.call('update_firmware', { image: IMAGE }))).message).toContain(
      'The image is not for this machine.',
    );
  });

  it('adds the protocol where the BMC asks for it', async () => {
    await start({ misbehave: { updateNeedsProtocol: true } });
    await bench.ask('update_firmware', { image: IMAGE });
    expect(updates()).toEqual([{ ImageURI: IMAGE }, { ImageURI: IMAGE, TransferProtocol: 'HTTPS' }]);
  });

  it.each([
    ['is lost', { resetOnce: { when: 'after-effect', method: 'POST', path: 'SimpleUpdate' } }],
    ['breaks off', { cutBody: { method: 'POST', path: 'SimpleUpdate' } }],
    ['is not HTTP', { notHttp: { kind: 'garbage', method: 'POST', path: 'SimpleUpdate' } }],
    ['is a 500', { updateAnswers500: true }],
  ] as const)(
    'follows the new task of an update whose answer %s, and sends nothing again',
    async (_what, fault) => {
      await start({ misbehave: { ...fault, updateTask: { polls: 3 } } });
      expect(await bench.ask('update_firmware', { image: IMAGE })).toEqual({
        image: IMAGE,
        task: '/redfish/v1/TaskService/Tasks/1',
        state: 'Completed',
      });
      expect(updates()).toHaveLength(1);
    },
  );

  it('fails with the task of an update whose answer was lost', async () => {
    const messages = [{ id: 'Update.1.0.ApplyFailed', text: 'The image is not for this machine.' }];
    await start({
      misbehave: {
        resetOnce: { when: 'after-effect', method: 'POST', path: 'SimpleUpdate' },
        updateTask: { final: 'Exception', messages },
      },
    });
    const failure = await failureOf(bench.call('update_firmware', { image: IMAGE }));
    expect(failure.code).not.toBe('OutcomeUnknown');
    expect(failure.message).toContain('The image is not for this machine.');
  });

  it('is in doubt if the answer was lost and several tasks are new', async () => {
    await start({ misbehave: { cutBody: { method: 'POST', path: 'SimpleUpdate' } } });
    const tasks = '/redfish/v1/TaskService/Tasks';
    bmc.onAnswer(({ path }) => {
      if (path.endsWith('SimpleUpdate'))
        bmc.change(tasks, { Members: [{ '@odata.id': `${tasks}/8` }, { '@odata.id': `${tasks}/9` }] });
    });
    expect(await failureOf(bench.call('update_firmware', { image: IMAGE }))).toMatchObject({
      code: 'OutcomeUnknown',
      status: 500,
      message: expect.stringContaining('The request was sent; the BMC may have done it.'),
    });
    expect(updates()).toHaveLength(1);
  });

  it.each([
    ['silence', { neverAnswers: { method: 'POST', path: 'SimpleUpdate' } }],
    ['a gateway', { html504: { method: 'POST', path: 'SimpleUpdate' } }],
  ] as const)('is in doubt after %s instead of an answer', async (_what, misbehave) => {
    await start({ misbehave }, { clients: { timeouts: { firstByte: 100 } } });
    const failure = await failureOf(bench.call('update_firmware', { image: IMAGE }));
    expect(failure).toMatchObject({ code: 'OutcomeUnknown', status: 500 });
    expect(failure.message).toContain('The request was sent; the BMC may have done it.');
    expect(failure.message).not.toMatch(/Unable to connect|https there/);
    expect(updates()).toHaveLength(1);
  });

  const deletions = () => bmc.requests.filter(({ method, path }) => method === 'DELETE' && /Task/.test(path));

  it('leaves the task as it is when its job is cancelled, says that it may go on, and asks the BMC for nothing more', async () => {
    await start({ misbehave: { updateTask: { polls: 100_000 } } });
    const aborting = new AbortController();
    const ended = failureOf(bench.call('update_firmware', { image: IMAGE }, aborting.signal));
    await bmc.waitFor(() => bmc.tasks.some(({ state }) => state === 'Running'));
    aborting.abort(new JobCancelled('The job was cancelled.'));
    expect(await ended).toMatchObject({
      code: 'OutcomeUnknown',
      message: 'The job was cancelled. The BMC was asked for a change before and may still be at work.',
    });
    await bench.close();
    expect(deletions()).toEqual([]);
    expect(bmc.tasks).toMatchObject([{ state: 'Running' }]);
  });

  it('is only cancelled if the BMC was not asked for the update yet', async () => {
    await start({ misbehave: { neverAnswers: { method: 'GET', path: 'UpdateService' } } });
    const aborting = new AbortController();
    const ended = failureOf(bench.call('update_firmware', { image: IMAGE }, aborting.signal));
    await bmc.waitFor(({ inFlight }) => inFlight.current === 1);
    const reason = new JobCancelled('The job was cancelled.');
    aborting.abort(reason);
    expect(await ended).toBe(reason);
    expect(updates()).toEqual([]);
  });

  it('leaves the task as it is at the limit of following it, and names both', async () => {
    const settings = { driverInfo: { redfish_task_timeout: 1 } };
    await start({ misbehave: { updateTask: { polls: 100_000 } } }, settings);
    const failure = await failureOf(bench.call('update_firmware', { image: IMAGE }));
    expect(failure).toMatchObject({ code: 'OutcomeUnknown', status: 500 });
    expect(failure.message).toContain('The task /redfish/v1/TaskService/Tasks/1 was left as it is');
    expect(failure.message).toContain('FERRULE_REDFISH_TASK_TIMEOUT, or redfish_task_timeout in driver_info');
    await bench.close();
    expect(deletions()).toEqual([]);
    expect(bmc.tasks).toMatchObject([{ state: 'Running' }]);
  });

  it('tells the path of the task from its beginning to its end', async () => {
    await start({ misbehave: { updateTask: { polls: 1 } } });
    const task = '/redfish/v1/TaskService/Tasks/1';
    expect(await bench.ask('update_firmware', { image: IMAGE })).toMatchObject({ task, state: 'Completed' });
    const told = bench.progress.slice(1);
    expect(told.filter(({ message }) => message?.includes(`task ${task}`))).toEqual(told);
    expect(told.length).toBeGreaterThan(1);
    expect(told[0]).toMatchObject({ percent: 0 });
    expect(told.at(-1)).toMatchObject({ percent: 100 });
  });

  it("answers 400 with the BMC's words for an unknown target", async () => {
    await start();
    const targets = [`${INVENTORY}/NIC`];
    expect(await failureOf(bench.call('update_firmware', { image: IMAGE, targets }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('NIC'),
    });
  });

  it.each([
    {},
    { image: 'bmc.bin' },
    { image: 'https://u:p@h/x' },
    { image: IMAGE, targets: [] },
    { image: IMAGE, x: 1 },
    { image: IMAGE, password: 'without a name' },
  ])('refuses %j', async (args) => {
    await start();
    expect(await failureOf(bench.call('update_firmware', args))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});
