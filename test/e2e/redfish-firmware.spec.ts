import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { call, ended, jobOf, readJob } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, HeldTask } from '../support/redfish.js';
import { until } from '../support/until.js';

/** More than the most bytes of a JSON body and of an attachment. */
const IMAGE = Buffer.alloc(24 * 1024 * 1024, 'firmware');

describe('update_firmware with upload', () => {
  let service: TestApp;
  let bmc: BmcServer;
  let images: Server;
  let node: string;
  beforeAll(async () => {
    service = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'redfish',
      FERRULE_REDFISH_IMAGE_NETWORKS: '127.0.0.0/8',
    });
    images = createServer((_request, response) => {
      response.setHeader('Content-Length', IMAGE.length);
      response.end(IMAGE);
    });
    await new Promise<void>((resolve) => images.listen(0, '127.0.0.1', resolve));
    bmc = await startBmc();
    node = await createRedfishNode(service.http, bmc, {}, EXTENDED);
  });
  afterAll(async () => {
    await service.close();
    await bmc.close();
    images.closeAllConnections();
    await new Promise((resolve) => images.close(resolve));
  });

  it("sends the image to the BMC, and ends with the BMC's task", async () => {
    const { http } = service;
    const task = new HeldTask();
    bmc.misbehave({ updateTask: task });
    const image = `http://127.0.0.1:${(images.address() as AddressInfo).port}/bmc.bin`;
    const args = {
      image: `${image}?signature=planted`,
      upload: true,
      username: 'reader',
      password: 'planted',
    };
    const job = jobOf(await call(http, node, 'update_firmware', args));
    await until(async () => ((await readJob(http, job)).progress?.percent ?? 0) > 0);
    expect(bmc.requests.flatMap(({ upload }) => upload ?? [])).toEqual([
      {
        parameters: {},
        filename: 'bmc.bin',
        size: IMAGE.length,
        sha256: createHash('sha256').update(IMAGE).digest('hex'),
      },
    ]);
    task.release();
    const done = await ended(http, job);
    expect(done).toMatchObject({ state: 'succeeded', result: { image, state: 'Completed' } });
    expect(JSON.stringify(done)).not.toContain('planted');
  });
});
