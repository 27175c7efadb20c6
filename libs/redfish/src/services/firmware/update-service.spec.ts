import { Readable } from 'node:stream';
import {
  RedfishArgumentError,
  RedfishDisabledError,
  RedfishMissingError,
  RedfishValidationError,
  UpdateService,
  type FirmwareFile,
  type Progress,
} from '../../index.js';
import { failureOf, useBmc } from '../../bmc.spec-support.js';

const SERVICE = '/redfish/v1/UpdateService';
const INVENTORY = `${SERVICE}/FirmwareInventory`;
const IMAGE = 'https://192.0.2.1/bmc.bin';
const FILE = { file: Buffer.alloc(300_000, 'image'), filename: 'bmc.bin' };

describe('UpdateService', () => {
  const lab = useBmc();
  const updates = (): UpdateService => new UpdateService(lab.client);
  const uploads = () => lab.bmc.requests.flatMap(({ upload }) => upload ?? []);
  const versions = async (): Promise<unknown[]> =>
    (await updates().inventory()).map(({ id, version }) => `${id} ${version}`);

  it('lists the firmware with one request once it is known where', async () => {
    expect(await updates().inventory()).toContainEqual({
      path: `${INVENTORY}/BIOS`,
      id: 'BIOS',
      name: 'BIOS Firmware',
      version: '1.0.0',
      updateable: true,
    });
    lab.bmc.forget();
    await versions();
    expect(lab.bmc.requests).toHaveLength(1);
  });

  it('lets the BMC fetch an image', async () => {
    lab.bmc.misbehave({ updateNeedsProtocol: true });
    const targets = [`${INVENTORY}/BIOS`];
    expect(await updates().simpleUpdate(IMAGE, { targets })).toMatchObject({ state: 'Completed' });
    expect(lab.bmc.requests.filter(({ path }) => path.endsWith('SimpleUpdate')).at(-1)?.body).toEqual({
      ImageURI: IMAGE,
      Targets: targets,
      TransferProtocol: 'HTTPS',
    });
    expect(await versions()).toEqual(['BMC 1.0.0', 'BIOS 2.0.0']);
  });

  it('uploads an image, and tells how much was sent, then how far the task is', async () => {
    lab.bmc.misbehave({ updateTask: { polls: 3 } });
    const told: Progress[] = [];
    const onProgress = (progress: Progress): unknown => told.push(progress);
    const wanted = { targets: [`${INVENTORY}/BMC`], applyTime: 'Immediate' };
    const done = await updates().upload(FILE, wanted, { onProgress });
    expect(done).toMatchObject({ state: 'Completed' });
    expect(uploads()).toMatchObject([
      {
        parameters: { Targets: wanted.targets, '@Redfish.OperationApplyTime': 'Immediate' },
        filename: 'bmc.bin',
        size: FILE.file.length,
      },
    ]);
    expect(told[0]).toEqual({ message: 'Sent 0.3 of 0.3 MiB of the image' });
    expect(told.flatMap(({ percent }) => percent ?? [])).not.toEqual([]);
    expect(await versions()).toEqual(['BMC 2.0.0', 'BIOS 1.0.0']);
  });

  it('tells at most a hundred times how much of a stream was sent', async () => {
    async function* crumbs(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 1_000; at += 1) yield Buffer.alloc(10);
    }
    const told: Progress[] = [];
    const onProgress = (progress: Progress): unknown => told.push(progress);
    await updates().upload({ file: crumbs(), size: 10_000 }, {}, { onProgress });
    const sent = told.filter(({ message }) => message?.startsWith('Sent'));
    expect(sent.length).toBeGreaterThan(50);
    expect(sent.length).toBeLessThanOrEqual(100);
  });

  it('may return without waiting for the task', async () => {
    lab.bmc.misbehave({ updateTask: { polls: 1_000 } });
    expect(await updates().upload(FILE, {}, { follow: false })).toMatchObject({
      state: 'New',
      task: expect.stringContaining('/Tasks/'),
    });
  });

  it('follows the new task of an update whose answer was lost', async () => {
    lab.bmc.misbehave({ resetOnce: { when: 'after-effect', method: 'POST', path: 'upload' } });
    expect(await updates().upload(FILE)).toEqual({
      state: 'Completed',
      task: '/redfish/v1/TaskService/Tasks/1',
    });
    expect(uploads()).toHaveLength(1);
  });

  it('returns a task that waits for a restart', async () => {
    lab.bmc.misbehave({ updateTask: { running: 'Pending', polls: 1_000 } });
    expect(await updates().upload(FILE, { applyTime: 'OnReset' })).toMatchObject({ state: 'Pending' });
  });

  it('fails with the task', async () => {
    lab.bmc.misbehave({ updateTask: { final: 'Exception' } });
    expect(await failureOf(updates().upload(FILE))).toMatchObject({ code: 'service' });
  });

  it('shows what the BMC refuses', async () => {
    const failure = await failureOf(updates().upload(FILE, { targets: [`${INVENTORY}/NIC`] }));
    expect(failure).toBeInstanceOf(RedfishValidationError);
  });

  it('opens the image only for a BMC that takes it', async () => {
    let opened = 0;
    const open = async (): Promise<FirmwareFile> => {
      opened += 1;
      return FILE;
    };
    await updates().upload(open);
    expect(opened).toBe(1);
    lab.bmc.change(SERVICE, { MultipartHttpPushUri: '' });
    const failure = await failureOf(updates().upload(open));
    expect(failure).toBeInstanceOf(RedfishMissingError);
    expect(failure).toMatchObject({ property: 'MultipartHttpPushUri' });
    expect(opened).toBe(1);
  });

  it('sends no image that is larger than the BMC accepts', async () => {
    lab.bmc.change(SERVICE, { MaxImageSizeBytes: 1_000 });
    const failure = await failureOf(updates().upload(FILE));
    expect(failure).toBeInstanceOf(RedfishArgumentError);
    expect(failure).toMatchObject({
      message: 'The image has 300000 bytes, and the BMC accepts at most 1000.',
    });
    expect(uploads()).toEqual([]);
  });

  it('closes a stream that the BMC does not take', async () => {
    lab.bmc.change(SERVICE, { MaxImageSizeBytes: 10 });
    const file = Readable.from([FILE.file]);
    const onProgress = (): void => undefined;
    const failure = await failureOf(updates().upload({ file, size: 11 }, {}, { onProgress }));
    expect(failure).toBeInstanceOf(RedfishArgumentError);
    expect(file.destroyed).toBe(true);
  });

  it('says that the service is disabled when the BMC refuses', async () => {
    lab.bmc.change(SERVICE, { ServiceEnabled: false });
    const failure = await failureOf(updates().upload(FILE, { targets: ['/x'] }));
    expect(failure).toBeInstanceOf(RedfishDisabledError);
  });

  it.each(['UpdateService', 'FirmwareInventory'])('says that there is no %s', async (property) => {
    const path = property === 'UpdateService' ? '/redfish/v1/' : SERVICE;
    lab.bmc.change(path, { [property]: { '@odata.id': '' } });
    expect(await failureOf(updates().inventory())).toMatchObject({ code: 'missing', property });
  });
});
