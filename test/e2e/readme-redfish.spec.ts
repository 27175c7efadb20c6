import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '../support/app.js';
import { Child } from '../support/child.js';
import { block } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';

const [COMMAND, TOUR] = [block('Included drivers', 'sh', 0), block('Included drivers', 'sh', 1)];
const PORT = '8443';
const INSERTED = { inserted: true, image: 'https://images.example/rescue.iso' };

interface Job {
  readonly method: string;
  readonly state: string;
}

describeWithProgram('curl')("the README's tour of a Redfish BMC", () => {
  let service: TestApp;
  let bmc: Child;
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-tour-'));
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,redfish' });
    const [, ...args] = COMMAND.trim().replace('npx --no-install', '').replace(PORT, '0').trim().split(' ');
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
    const answers = await tour();
    const [properties, node, made, subscriptions] = answers;
    const having = (member: string): unknown => answers.find((answer) => Object.hasOwn(answer, member));
    expect(properties).toMatchObject({ redfish_verify_ca: expect.any(String) });
    expect(node).toMatchObject({ name: 'r1' });
    expect(made).toMatchObject({ Id: expect.any(String) });
    expect(subscriptions).toMatchObject({ Members: [{ Destination: 'https://192.0.2.7/events' }] });
    expect(having('slots')).toMatchObject({
      slots: expect.arrayContaining([expect.objectContaining(INSERTED)]),
    });
    expect(having('pending')).toMatchObject({
      attributes: { ProcVirtualization: 'Enabled' },
      pending: { ProcVirtualization: 'Disabled' },
    });
    expect(having('sensors')).toMatchObject({ sensors: expect.any(Array) });
    expect(having('firmware')).toMatchObject({ firmware: expect.any(Array) });
    expect(having('status')).toMatchObject({ status: 200 });
    expect(JSON.parse(readFileSync(join(folder, 'r1.json'), 'utf8'))).toMatchObject({
      log: 'Sel',
      entries: [{}, {}, {}],
    });

    const jobs = answers.flatMap(({ jobs: page }) => (Array.isArray(page) ? (page as Job[]) : []));
    const ends = jobs.filter(({ state }) => state !== 'queued' && state !== 'running');
    expect(ends).toMatchObject([
      { method: 'insert_vmedia', state: 'succeeded' },
      { method: 'bios_set', state: 'succeeded' },
      { method: 'update_firmware', state: 'succeeded', progress: { percent: 100 } },
    ]);
    const inventory = await service.http.get('/v1/nodes/r1/vendor_passthru/firmware_inventory');
    expect(inventory.expect(200).text).toContain('"version":"2.0.0"');
  });

  /** Runs the block with bash. @returns the answers that have a body. */
  async function tour(): Promise<Record<string, unknown>[]> {
    const script = [
      'set -euo pipefail',
      `API=${service.http.base}/v1`,
      "VERSION='X-OpenStack-Ironic-API-Version: latest'",
      TOUR.replace(`https://127.0.0.1:${PORT}`, address).replaceAll('curl -s', 'echo; curl -sS --fail'),
    ];
    const { stdout } = await promisify(execFile)('bash', ['-c', script.join('\n')], { cwd: folder });
    const bodies = stdout.split('\n').filter((line) => line.startsWith('{'));
    return bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
  }
});
