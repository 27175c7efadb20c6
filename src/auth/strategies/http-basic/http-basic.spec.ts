import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { type Request } from 'express';
import { WatchedFile } from '../../../files/watched-file.js';
import { PasswordsBusy, TooManyAttempts } from '../../errors.js';
import { FailedAttempts } from '../../failed-attempts.js';
import { Htpasswd } from '../../files/htpasswd.js';
import { Refusal } from '../strategy.js';
import { HttpBasic } from './http-basic.js';
import { PasswordCheck } from './password-check.js';

const HASH = hashSync('right', 4);
const folder = mkdtempSync(join(tmpdir(), 'ferrule-basic-'));
afterAll(() => rmSync(folder, { recursive: true }));

function usersOf(text: string): WatchedFile<Htpasswd> {
  const path = join(folder, 'htpasswd');
  writeFileSync(path, text);
  return new WatchedFile({ path, parse: (read) => new Htpasswd(read), interval: 0 });
}

interface Pause {
  readonly milliseconds: number;
  readonly end: () => void;
}

function stage(check: PasswordCheck) {
  const pauses: Pause[] = [];
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => pauses.push({ milliseconds, end: resolve }));
  const strategy = new HttpBasic(usersOf(`ops:${HASH}`), check, new FailedAttempts(() => 0), pause);
  const ask = async (password: string, ip = '192.0.2.1'): Promise<unknown> => {
    const authorization = `Basic ${Buffer.from(`ops:${password}`).toString('base64')}`;
    try {
      return await strategy.recognize({ headers: { authorization }, ip } as Request);
    } catch (error) {
      return error;
    }
  };
  return { ask, pauses };
}

const range = (length: number) => Array.from({ length }, (_, index) => String(index));

describe('HTTP Basic', () => {
  it('gives the same caller for all requests of a user, and another for another user', async () => {
    const users = usersOf(`ann:${HASH}\nbob:${HASH}\n`);
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

  it('compares guesses that come at the same time one after another, and refuses those beyond a limit', async () => {
    let compared = 0;
    const { ask, pauses } = stage(
      new PasswordCheck(async () => {
        compared++;
        return false;
      }),
    );
    const answers = range(30).map((password) => ask(password));
    const atOnce = await Promise.all([...answers.slice(0, 4), ...answers.slice(9)]);
    expect(atOnce.slice(0, 4).every((answer) => answer instanceof Refusal)).toBe(true);
    expect(atOnce.slice(4).every((answer) => answer instanceof TooManyAttempts)).toBe(true);
    expect(compared).toBe(4);
    expect(pauses.map(({ milliseconds }) => milliseconds)).toEqual([500, 1500, 3500, 7500, 12_500]);
    for (const { end } of pauses) end();
    await Promise.all(answers);
    expect(compared).toBe(9);
  });

  it('takes requests with the same password for one attempt', async () => {
    const { ask, pauses } = stage(new PasswordCheck());
    const answers = await Promise.all(range(30).map(() => ask('right')));
    expect(answers).toHaveLength(30);
    for (const answer of answers) expect(answer).toMatchObject({ name: 'ops' });
    expect(pauses).toEqual([]);
  });

  it('takes turns by sites, refuses what would wait too long, and does not count it as wrong', async () => {
    const ends: (() => void)[] = [];
    const verify = (password: Uint8Array): Promise<boolean> =>
      new Promise((resolve) => ends.push(() => resolve(Buffer.from(password).toString() === 'right')));
    const { ask, pauses } = stage(new PasswordCheck(verify, { length: 2, wait: 60_000 }));
    const flood = range(8).map((number) => ask(number, `2001:db8:1:${number}::1`));
    const right = ask('right');
    const refused = await Promise.all(flood.slice(3));
    expect(refused.every((answer) => answer instanceof PasswordsBusy)).toBe(true);
    for (let done = 0; done < 4; done++) {
      ends[done]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await right).toMatchObject({ name: 'ops' });
    expect(pauses).toEqual([]);
  });
});
