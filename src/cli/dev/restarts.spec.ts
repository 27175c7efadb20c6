import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const restarts = new Restarts(program, process.env, { print: complain, complain }, 200);
    restarts.request();
    await ended;
    await restarts.close();
    rmSync(folder, { recursive: true });
    expect(said).toEqual([
      'The service did not start within 0.2 s, so it was ended. It is started again after the next change.',
    ]);
  });
});
