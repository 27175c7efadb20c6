import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Child } from '../support/child.js';

const README = resolve('libs/redfish/README.md');
const COMMAND = resolve('libs/bmc-simulator/bin/ferrule-bmc.mjs');
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';

describe('the example in the README of the Redfish client', () => {
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

  it('runs against the simulator, and logs out', async () => {
    const code = /<!-- example -->\s*```js\n(.*?)```/s.exec(await readFile(README, 'utf8'))?.[1] ?? '';
    expect(code).toContain('connect(');
    const bmc = run([COMMAND, '--profile', 'dell-idrac9', '--http', '--port', '0']);
    const address = /https?:\S+/.exec(await bmc.line())?.[0];
    expect([await bmc.line(), await bmc.line()]).toEqual(['username: admin', 'password: secret-password']);
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
});
