import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Child } from '../support/child.js';

const README = resolve('libs/redfish/README.md');
const COMMAND = resolve('libs/bmc-simulator/bin/ferrule-bmc.mjs');
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';

describe('the examples in the README of the Redfish client', () => {
  const children: Child[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
  });
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Child => {
    const options = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
    const child = new Child(spawn(process.execPath, args, { ...options, env: { ...process.env, ...env } }));
    children.push(child);
    return child;
  };

  const examples = [...readFileSync(README, 'utf8').matchAll(/<!-- example -->\s*```js\n(.*?)```/gs)];
  const codeWith = (text: string): string => {
    const [code] = examples.flatMap(([, each = '']) => (each.includes(text) ? each : []));
    if (code === undefined) throw new Error(`No example has ${text}.`);
    return code;
  };
  const simulate = async (profile: string): Promise<{ bmc: Child; address: string | undefined }> => {
    const bmc = run([COMMAND, '--profile', profile, '--http', '--port', '0']);
    const address = /https?:\S+/.exec(await bmc.line())?.[0];
    expect([await bmc.line(), await bmc.line()]).toEqual(['username: admin', 'password: secret-password']);
    return { bmc, address };
  };

  it('change a system of the simulator, and log out', async () => {
    const code = codeWith('ComputerSystem.Reset');
    const { bmc, address } = await simulate('dell-idrac9');
    const example = run(['--input-type=module', '--eval', code], { BMC: address });
    expect(await example.line()).toBe('PowerEdge R750 On');
    expect(await example.line()).toMatch(/^iDRAC\.Embedded\.1 \d/);
    expect(await example.ended()).toBe(0);
    const asked: string[] = [];
    while (!asked.at(-1)?.startsWith('DELETE ')) asked.push(await bmc.line());
    expect(asked).toContain(`PATCH ${SYSTEM} 200 session {"AssetTag":"rack 7"}`);
    expect(asked.join('\n')).toMatch(
      /^POST \S+ComputerSystem\.Reset 20\d session {"ResetType":"ForceRestart"}$/m,
    );
    expect(asked.at(-1)).toMatch(/^DELETE \/redfish\/v1\/SessionService\/Sessions\/\S+ 204 session$/);
  });

  it('read a log, upload firmware with progress and download a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-firmware-'));
    try {
      const IMAGE = join(folder, 'bmc.bin');
      writeFileSync(IMAGE, Buffer.alloc(200_000, 'firmware'));
      const { address } = await simulate('generic');
      const example = run(['--input-type=module', '--eval', codeWith('UpdateService')], {
        BMC: address,
        IMAGE,
      });
      const lines: string[] = [];
      while (!lines.at(-1)?.startsWith('}')) lines.push(await example.line());
      expect(lines).toContain('SEL 2 The fan 1 failed.');
      expect(lines.filter((line) => line.startsWith('Sent '))).toContain('Sent 0.2 of 0.2 MiB of the image');
      expect(lines.join('\n')).toMatch(/^Completed {\n[^}]*version: '2\.0\.0'/m);
      expect(await example.ended()).toBe(0);
      expect(readFileSync(`${IMAGE}.metadata.xml`, 'utf8')).toContain('<edmx:Edmx');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
