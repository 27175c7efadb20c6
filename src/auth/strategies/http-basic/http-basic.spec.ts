import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Request } from 'express';
import { WatchedFile } from '../../../config/watched-file.js';
import { Htpasswd } from '../../files/htpasswd.js';
import { HttpBasic } from './http-basic.js';
import { PasswordCheck } from './password-check.js';

const HASH = `$2b$10$${'a'.repeat(53)}`;

describe('HTTP Basic', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-basic-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the same caller for all requests of a user, and another for another user', async () => {
    const path = join(folder, 'htpasswd');
    writeFileSync(path, `ann:${HASH}\nbob:${HASH}\n`);
    const users = new WatchedFile({ path, parse: (text) => new Htpasswd(text), interval: 0 });
    const strategy = new HttpBasic(users, new PasswordCheck(async () => true));
    const recognize = async (user: string) => {
      const authorization = `Basic ${Buffer.from(`${user}:x`).toString('base64')}`;
      return strategy.recognize({ headers: { authorization }, ip: '127.0.0.1' } as Request);
    };
    const ann = await recognize('ann');
    expect(ann).toMatchObject({ name: 'ann', knownBy: 'http_basic' });
    expect(await recognize('ann')).toBe(ann);
    expect(await recognize('bob')).toMatchObject({ name: 'bob' });
  });
});
