import { hashSync } from '@node-rs/bcrypt';
import { Htpasswd } from '../../files/htpasswd.js';
import { PasswordCheck } from './password-check.js';

const hash = hashSync('se:cret', 4);
const right = { password: Buffer.from('se:cret'), hash };
const wrong = { password: Buffer.from('secret'), hash };

describe('PasswordCheck', () => {
  it('tells right from wrong, and remembers both', async () => {
    const check = new PasswordCheck();
    expect([check.remembered(right), check.remembered(wrong)]).toEqual([undefined, undefined]);
    expect(await Promise.all([check.check(right, 'a'), check.check(wrong, 'a')])).toEqual([true, false]);
    expect([check.remembered(right), check.remembered(wrong)]).toEqual([true, false]);
    expect(check.remembered({ ...right, hash: hashSync('other', 4) })).toBeUndefined();
  });

  it('compares any bytes', async () => {
    const password = Buffer.from([0xff, 0, 0xfe]);
    const check = new PasswordCheck();
    expect(await check.check({ password, hash: hashSync(password, 4) }, 'a')).toBe(true);
  });

  it('compares a pair once, however many ask at the same time', async () => {
    let comparisons = 0;
    const check = new PasswordCheck(async () => ++comparisons > 0);
    expect(await Promise.all([1, 2, 3].map(() => check.check(right, 'a')))).toEqual([true, true, true]);
    expect(comparisons).toBe(1);
  });

  it('remembers right passwords through a flood of wrong ones, and no more than 256 wrong ones', async () => {
    const check = new PasswordCheck(async (password) => Buffer.from(password).equals(right.password));
    await check.check(right, 'a');
    const flood = Array.from({ length: 300 }, (_, index) => ({ hash, password: Buffer.from(String(index)) }));
    for (const claim of flood) await check.check(claim, 'b');
    expect(check.remembered(right)).toBe(true);
    expect(flood.filter((claim) => check.remembered(claim) === false)).toHaveLength(256);
  });

  it('compares the passwords of unknown users with a hash that bcrypt accepts', async () => {
    const decoy = new Htpasswd(`u:${hash}`).decoyOf('nobody');
    expect(await new PasswordCheck().check({ password: Buffer.from('x'), hash: decoy }, 'a')).toBe(false);
  });
});
