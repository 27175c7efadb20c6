import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from '../../src/config/load-config.js';
import { Child } from '../support/child.js';
import { runCommand } from '../support/command.js';
import { block, ROOT } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';

const RECEIVER = resolve(import.meta.dirname, '../support/notify-socket.py');
const unit = (name: string): string => readFileSync(join(ROOT, 'deploy/systemd', name), 'utf8');

describeWithProgram('systemd-analyze')('the systemd unit', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ferrule-unit-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no fault that systemd-analyze knows', async () => {
    // The program must exist where the unit says.
    const text = unit('ferrule.service').replace('/usr/local/bin/ferrule', join(ROOT, 'bin/ferrule.mjs'));
    const file = join(folder, 'ferrule.service');
    writeFileSync(file, text);
    const { code, stderr } = await runCommand('systemd-analyze', ['verify', '--man=no', file], {});
    expect(stderr.split('\n').filter((line) => line.includes('ferrule'))).toEqual([]);
    expect(code).toBe(0);
  });

  it('is rated with an exposure of at most 2.5 of 10', async () => {
    const args = ['security', '--offline=yes', '--threshold=25', '--no-pager'];
    writeFileSync(join(folder, 'ferrule.service'), unit('ferrule.service'));
    const { code, stdout } = await runCommand(
      'systemd-analyze',
      [...args, join(folder, 'ferrule.service')],
      {},
    );
    expect([code, stdout.split('\n').find((line) => line.includes('Overall'))]).toEqual([
      0,
      expect.anything(),
    ]);
  });

  it('has a command in docs/operating.md that gives its settings to other commands', async () => {
    const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
    const command = block('Installing', 'sh', 3, page).replace(
      '/etc/ferrule/ferrule.env',
      join(ROOT, 'deploy/systemd/ferrule.env'),
    );
    const script = `ferrule() { echo "$*"; env; }\n${command}`;
    const { code, stdout } = await runCommand('sh', ['-ec', script], { PATH: process.env['PATH'] ?? '' });
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'doctor',
        'FERRULE_DATA_DIR=/var/lib/ferrule',
        'FERRULE_ENABLED_HARDWARE_TYPES=redfish',
      ]),
    );
    expect(unit('ferrule.service')).toContain('Environment=FERRULE_DATA_DIR=%S/ferrule');
  });

  it('has a command in docs/operating.md that restores a backup with its user, folder and settings', () => {
    const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
    const command = block('Backup', 'sh', 1, page).replaceAll('\\\n', ' ');
    // For the properties of systemd-run there are no specifiers.
    const lines = unit('ferrule.service').replace('%S', '/var/lib').split('\n');
    const properties = [...command.matchAll(/ -p (\S+)/g)].map(([, property]) => property);
    expect(properties).toHaveLength(6);
    expect(lines).toEqual(expect.arrayContaining(properties));
    const [, program] = / (\/\S+) restore - <\S+$/m.exec(command) ?? [];
    expect(lines).toContain(`ExecStart=${program} serve`);
  });

  it('stops the service later than the service stops itself', () => {
    const { config } = readConfig({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' });
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit('ferrule.service')) ?? [];
    expect(Number(seconds)).toBeGreaterThan(config.shutdownTimeout);
  });
});

describeWithProgram('systemd-notify', 'python3')('a service that systemd started', () => {
  let directory: DataDirectory;
  let receiver: Child;
  let socket: string;
  beforeAll(async () => {
    directory = await dataDirectory();
    socket = join(directory.path, 'notify');
    receiver = new Child(spawn('python3', [RECEIVER, socket], { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect(await receiver.line()).toBe('listening');
  });
  afterAll(async () => {
    await directory.dispose();
    await receiver.kill('SIGTERM');
  });

  it('says when it is ready, and when it stops', async () => {
    const service = await directory.start({ NOTIFY_SOCKET: socket });
    expect(await receiver.line()).toBe('READY=1');
    // A message that the program waits for systemd to have read.
    expect(await receiver.line()).toBe('BARRIER=1');
    service.kill('SIGTERM');
    expect(await receiver.line()).toBe('STOPPING=1');
    expect(await service.ended()).toBe(0);
  });

  it('goes on if systemd cannot be told', async () => {
    const service = await directory.start({ NOTIFY_SOCKET: join(directory.path, 'nobody') });
    expect((await service.http.get('/v1/drivers')).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.log).toContain('systemd was not told READY=1');
  });
});
