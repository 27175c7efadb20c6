import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../support/app.js';
import { Child } from '../support/child.js';
import { ended } from '../support/passthru.js';
import { block } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';

const [COMMAND, TOUR] = [block('Included drivers', 'sh', 0), block('Included drivers', 'sh', 1)];
const PORT = '8443';

describeWithProgram('curl')("the README's tour of a Redfish BMC", () => {
  let service: TestApp;
  let bmc: Child;
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-tour-'));
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,redfish' });
    const [, ...args] = COMMAND.trim().replace('npm exec --', '').replace(PORT, '0').trim().split(' ');
    const program = 'libs/bmc-simulator/bin/ferrule-bmc.mjs';
    bmc = new Child(spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
    address = (await bmc.line()).replace(/^.* at /, '');
  });
  afterAll(async () => {
    await bmc.kill();
    await service.close();
    rmSync(folder, { recursive: true });
  });

  it('shows what it says, with the command that simulates a BMC', async () => {
    const [properties, node, made, subscriptions, jobs, , bios, firmware, updates, read] = await tour();
    expect(properties).toMatchObject({ redfish_verify_ca: expect.any(String) });
    expect(node).toMatchObject({ name: 'r1' });
    expect(made).toMatchObject({ Id: expect.any(String) });
    expect(subscriptions).toMatchObject({ Members: [{ Destination: 'https://192.0.2.7/events' }] });
    expect(jobs).toMatchObject({ jobs: [{ method: 'insert_vmedia' }] });
    expect(bios).toMatchObject({
      attributes: { ProcVirtualization: 'Enabled' },
      pending: { ProcVirtualization: 'Disabled' },
    });
    expect(firmware).toMatchObject({ firmware: expect.any(Array) });
    expect(read).toMatchObject({ status: 200 });
    expect(JSON.parse(readFileSync(join(folder, 'r1.json'), 'utf8'))).toMatchObject({
      log: 'Sel',
      entries: [{}, {}, {}],
    });

    expect(updates).toMatchObject({ jobs: [{ method: 'update_firmware', progress: expect.anything() }] });
    for (const list of [jobs, updates]) {
      const [, id] = /"id":"([^"]+)"/.exec(JSON.stringify(list)) ?? [];
      expect(await ended(service.http, `/v1/jobs/${id}`)).toMatchObject({ state: 'succeeded' });
    }
    const inventory = await service.http.get('/v1/nodes/r1/vendor_passthru/firmware_inventory');
    expect(inventory.expect(200).text).toContain('"version":"2.0.0"');
    const media = await service.http.get('/v1/nodes/r1/vendor_passthru/get_vmedia');
    expect(media.expect(200).text).toContain('"image":"https://images.example/rescue.iso"');
  });

  /** Runs the block with bash. @returns the answers that have a body. */
  async function tour(): Promise<unknown[]> {
    const script = [
      'set -euo pipefail',
      `API=${service.http.base}/v1`,
      "VERSION='X-OpenStack-Ironic-API-Version: latest'",
      TOUR.replace(`https://127.0.0.1:${PORT}`, address).replaceAll('curl -s', 'echo; curl -sS --fail'),
    ];
    const { stdout } = await promisify(execFile)('bash', ['-c', script.join('\n')], { cwd: folder });
    const bodies = stdout.split('\n').filter((line) => line.startsWith('{'));
    return bodies.map((body): unknown => JSON.parse(body));
  }
});
