import { Logger } from '@nestjs/common';
import { type Request } from 'express';
import { Authentication } from './authentication.js';
import { ANYONE, type Caller } from './caller.js';
import { Unauthorized } from './errors.js';

describe('callers', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  const request = { url: '/v1/nodes', method: 'GET', originalUrl: '/v1/nodes', headers: {} } as Request;
  const known = (caller: Caller) =>
    new Authentication({
      strategies: [{ name: 'keystone', challenge: 'Keystone', recognize: () => caller }],
      isStrict: false,
    });

  it.each<Partial<Caller>>([
    { name: 'x'.repeat(601) },
    { name: 'a\0b' },
    { name: 'two\nlines' },
    { name: 'x\ud800y' },
    { id: 'keystone:\0' },
    { projectId: '\udfff' },
    { roles: ['reader', 'a\u009bb'] },
  ])('refuses a caller that the audit could not name: %j', async (texts) => {
    await expect(known({ ...ANYONE, ...texts }).authenticate(request)).rejects.toThrow(Unauthorized);
  });

  it('takes one with the longest names of Keystone', () => {
    const caller = { ...ANYONE, name: `${'ü'.repeat(255)}@${'é'.repeat(255)}` };
    expect(known(caller).authenticate(request)).toBe(caller);
  });
});
