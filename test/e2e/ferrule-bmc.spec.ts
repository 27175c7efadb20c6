import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from '@ferrule/redfish';
import { Child } from '../support/child.js';

const COMMAND = resolve('libs/bmc-simulator/bin/ferrule-bmc.mjs');
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';

function start(...args: string[]): Child {
  return new Child(spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

const after = (line: string, label: string): string => line.slice(line.indexOf(label) + label.length);

describe('ferrule-bmc', () => {
  let folder: string;
  const children: Child[] = [];
  const run = (...args: string[]): Child => {
    const child = start(...args);
    children.push(child);
    return child;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-bmc-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    await rm(folder, { recursive: true });
  });

  it('prints address and credentials, serves a BMC, and shows what it was asked', async () => {
    const caFile = join(folder, 'ca.pem');
    const journal = join(folder, 'journal.jsonl');
    const bmc = run('--profile', 'dell-idrac9', '--port', '0', '--ca-file', caFile, '--journal', journal);
    const address = after(await bmc.line(), 'BMC dell-idrac9 at ');
    const username = after(await bmc.line(), 'username: ');
    const password = after(await bmc.line(), 'password: ');
    expect(await bmc.line()).toBe(`certificate: ${caFile}`);
    const ca = await readFile(caFile, 'utf8');
    const client = await connect(address, { username, password, ca });
    expect((await client.system()).body['Model']).toBe('PowerEdge R750');
    await client.patch(SYSTEM, { AssetTag: 'x' });
    await client.close();

    const login = '{"UserName":"admin","Password":"***"}';
    expect([await bmc.line(), await bmc.line(), await bmc.line(), await bmc.line()]).toEqual([
      'GET /redfish/v1/ 200 none',
      `POST /redfish/v1/SessionService/Sessions 201 none ${login}`,
      'GET /redfish/v1/Systems 200 session',
      `GET ${SYSTEM} 200 session`,
    ]);
    expect(await bmc.line()).toBe(`GET ${SYSTEM} 200 session`);
    expect(await bmc.line()).toBe(`PATCH ${SYSTEM} 200 session {"AssetTag":"x"}`);
    expect(await bmc.line()).toMatch(/^DELETE \/redfish\/v1\/SessionService\/Sessions\/\S+ 204 session$/);
    await bmc.kill('SIGTERM');
    expect(await bmc.ended()).toBe(0);
    const lines = (await readFile(journal, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ method: 'POST', status: 201, outcome: 'answered' });
    expect(lines.join()).not.toContain('secret-password');
    expect(lines.join()).not.toMatch(/x-auth-token/i);
  });

  it('serves without TLS, with other credentials', async () => {
    const bmc = run('--http', '--port', '0', '--username', 'operator', '--password', 'calvin');
    const address = after(await bmc.line(), 'BMC generic at ');
    expect([await bmc.line(), await bmc.line()]).toEqual(['username: operator', 'password: calvin']);
    const basic = Buffer.from('operator:calvin').toString('base64');
    const reply = await fetch(`${address}/redfish/v1/Systems`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    expect(reply.status).toBe(200);
    expect(await bmc.line()).toBe('GET /redfish/v1/Systems 200 basic');
  });

  it('misbehaves as it is told', async () => {
    const faults = { html504: { method: 'GET', path: 'Systems', times: 1 } };
    const bmc = run('--http', '--port', '0', '--misbehave', JSON.stringify(faults));
    const address = after(await bmc.line(), 'BMC generic at ');
    const ask = async () => (await fetch(`${address}/redfish/v1/Systems`)).status;
    expect([await ask(), await ask()]).toEqual([504, 401]);
  });

  it('is away for a while after the reset of its manager', async () => {
    const bmc = run('--http', '--port', '0');
    const address = after(await bmc.line(), 'BMC generic at ');
    const headers = {
      Authorization: `Basic ${Buffer.from('admin:secret-password').toString('base64')}`,
      'Content-Type': 'application/json',
    };
    const reset = `${address}/redfish/v1/Managers/BMC/Actions/Manager.Reset`;
    const body = JSON.stringify({ ResetType: 'ForceRestart' });
    expect((await fetch(reset, { method: 'POST', headers, body })).status).toBe(204);
    await expect(fetch(`${address}/redfish/v1/`)).rejects.toThrow('fetch failed');
  });

  it.each([
    [['--profile', 'acme'], 2, /no profile acme; there are: generic, dell-idrac9/],
    [['--port', 'http'], 2, /--port http is not a number from 0 to 65535/],
    [['--nonsense'], 2, /nonsense/],
    [['--misbehave', '{"gzipped":true}'], 2, /no misbehaviour gzipped\. Did you mean gzip\?/],
    [['--tree', '/nowhere', '--port', '0'], 1, /nowhere/],
  ])('with %j ends with %i and says why', async (args, code, message) => {
    const bmc = run(...args);
    expect(await bmc.ended()).toBe(code);
    expect(bmc.complaints).toMatch(message);
    expect(bmc.complaints).not.toMatch(/^ {4}at /m);
  });

  it('says that its port is taken', async () => {
    const address = after(await run('--http', '--port', '0').line(), 'BMC generic at ');
    const { port } = new URL(address);
    const second = run('--http', '--port', port);
    expect(await second.ended()).toBe(1);
    expect(second.complaints).toBe(
      `Port ${port} is in use. Choose another with --port; 0 takes a free one.\n`,
    );
  });

  it('prints how it is used', async () => {
    const help = run('--help');
    expect(await help.line()).toBe('Usage: ferrule-bmc [options]');
    expect(await help.ended()).toBe(0);
  });
});
