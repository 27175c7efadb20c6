import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Restarts } from './restarts.js';

describe('Restarts', () => {
  it('ends a service that does not listen within the limit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-restarts-'));
    const program = join(folder, 'program.mjs');
    writeFileSync(program, "process.on('message', () => {}); process.send({ ready: true });");
    const said: string[] = [];
    let tellEnd = (): void => {};
    const ended = new Promise<void>((resolve) => (tellEnd = resolve));
    const complain = (line: string): void => {
      said.push(line);
      if (line.includes('did not start')) tellEnd();
    };
    const restarts = new Restarts({ program, env: process.env }, { print: complain, complain }, 200);
    restarts.request();
    await ended;
    await restarts.close();
    rmSync(folder, { recursive: true });
    expect(said).toEqual([
      'The service did not start within 0.2 s, so it was ended. It is started again after the next change.',
    ]);
  });

  it('starts the service after the next change if its process could not be started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-restarts-'));
    const program = join(folder, 'program.mjs');
    const started = join(folder, 'started');
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs';
      process.on('message', ({ start }) => start && writeFileSync(${JSON.stringify(started)}, ''));
      process.send({ ready: true });`,
    );
    const said: string[] = [];
    const node = join(folder, 'node');
    const restarts = await new Promise<Restarts>((resolve) => {
      const complain = (line: string): void => {
        said.push(line);
        resolve(made);
      };
      const made = new Restarts({ program, env: process.env, node }, { print: complain, complain });
      made.request();
    });
    symlinkSync(process.execPath, node);
    restarts.request();
    while (!existsSync(started)) await delay(10);
    await restarts.close();
    rmSync(folder, { recursive: true });
    expect(said).toEqual([
      `The service did not start: spawn ${node} ENOENT. It is started again after the next change.`,
    ]);
  });
});
