import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { type Request } from 'express';
import { WatchedFile } from '../files/watched-file.js';
import { Authentication } from './authentication.js';
import { TooManyAttempts } from './errors.js';
import { FailedAttempts } from './failed-attempts.js';
import { usersIn } from './files/htpasswd.js';
import { HttpBasic } from './strategies/http-basic/http-basic.js';
import { PasswordCheck } from './strategies/http-basic/password-check.js';

it('an attempt that is refused, since too many wait, is logged with its address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-attempts-'));
  const path = join(folder, 'htpasswd');
  writeFileSync(path, '# no users');
  const lines: unknown[] = [];
  const ignore = () => {};
  Logger.overrideLogger({ log: ignore, error: ignore, warn: (line: unknown) => lines.push(line) });
  try {
    const users = new WatchedFile({ path, parse: usersIn, interval: 0 });
    const never = () => new Promise<never>(() => {});
    const basic = new HttpBasic(
      users,
      new PasswordCheck(async () => false),
      new FailedAttempts(() => 0),
      never,
    );
    const authentication = new Authentication({ strategies: [basic], isStrict: true });
    const ask = (password: string) => {
      const headers = { authorization: `Basic ${Buffer.from(`ops:${password}`).toString('base64')}` };
      const request = { headers, url: '/v1/nodes', originalUrl: '/v1/nodes?a=b', method: 'GET' };
      return authentication.authenticate({ ...request, ip: '192.0.2.7', requestId: 'req-1' } as Request);
    };
    const guesses = Array.from({ length: 9 }, async (_, password) => ask(String(password)));
    expect(() => ask('right')).toThrow(TooManyAttempts);
    expect(lines.map(String)).toEqual([
      expect.stringContaining('req-1 GET /v1/nodes from 192.0.2.7: too many passwords for one name.'),
    ]);
    // The others wait for their turn.
    await Promise.allSettled(guesses.slice(0, 4));
  } finally {
    Logger.overrideLogger(true);
    rmSync(folder, { recursive: true });
  }
});
