import { randomBytes } from 'node:crypto';
import { isJsonObject } from '@ferrule/driver-kit';
import { SecretDamaged } from './errors.js';
import { SecretsAtRest } from './secrets-at-rest.js';

const NODE = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';
const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const INFO = {
  redfish_address: 'https://10.0.0.1',
  redfish_password: 'calvin-1',
  proxy: 'http://user:calvin-2@proxy.example',
  users: [{ name: 'root', pin: 123456, credentials: { 'any key': 'calvin-3' } }],
  token_ttl: null,
};

function member(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}

describe('secrets at rest', () => {
  const secrets = new SecretsAtRest([OLD]);
  const sealed = secrets.sealedField(NODE, 'driver_info', INFO);

  it('hides values under secret keys and texts that spell a secret out, and nothing else', () => {
    const text = JSON.stringify(sealed);
    for (const hidden of ['calvin', '123456', 'any key', 'proxy.example']) expect(text).not.toContain(hidden);
    expect(sealed).toMatchObject({ redfish_address: 'https://10.0.0.1', users: [{ name: 'root' }] });
    expect(member(sealed, 'token_ttl')).not.toBeNull();
  });

  it('gives back every value as it was', () => {
    expect(secrets.openedField(NODE, 'driver_info', sealed)).toEqual(INFO);
  });

  it('encrypts the same value differently each time', () => {
    const again = secrets.sealedField(NODE, 'driver_info', INFO);
    expect(again.redfish_password).not.toBe(sealed.redfish_password);
  });

  it('hides what the API masks in instance_info although its key is not secret', () => {
    const own = secrets.sealedField(NODE, 'instance_info', {
      image_url: 'http://images/a',
      a: { image_url: 1 },
    });
    expect(JSON.stringify(own)).not.toContain('images');
    expect(own.a).toEqual({ image_url: 1 });
  });

  it.each([
    ['another node', 'b2a6a8a0-1111-4222-8333-444455556666', 'driver_info', sealed],
    ['another column', NODE, 'instance_info', sealed],
    ['another key', NODE, 'driver_info', { other_password: sealed.redfish_password }],
    ['another depth', NODE, 'driver_info', { a: { redfish_password: sealed.redfish_password } }],
    [
      'a changed text',
      NODE,
      'driver_info',
      { redfish_password: `${sealed.redfish_password.slice(0, -8)}AAAAAAA=` },
    ],
    ['a cut text', NODE, 'driver_info', { redfish_password: sealed.redfish_password.slice(0, 40) }],
  ])('refuses a ciphertext that was moved to, or is, %s', (_, uuid, field, value) => {
    expect(() => secrets.openedField<unknown>(uuid, field, value)).toThrow(SecretDamaged);
  });

  it('names the key that is missing and shows neither secret nor ciphertext', () => {
    const other = new SecretsAtRest([NEW]);
    const id = String(secrets.keys.first);
    expect(() => other.openedField(NODE, 'driver_info', sealed)).toThrow(
      `A secret in the driver_info of node ${NODE} is encrypted with the key ${id}, which FERRULE_SECRETS_KEY does not have. Add that key to it.`,
    );
    expect(() => new SecretsAtRest().openedField(NODE, 'driver_info', sealed)).toThrow(id);
  });

  it('shows a secret that cannot be decrypted as masked', () => {
    expect(new SecretsAtRest([NEW]).shownField(NODE, 'driver_info', sealed)).toMatchObject({
      redfish_address: 'https://10.0.0.1',
      redfish_password: '******',
    });
    expect(secrets.shownField(NODE, 'driver_info', sealed)).toEqual(INFO);
  });

  it.each([
    ['with a key', secrets],
    ['without one', new SecretsAtRest()],
  ])('refuses a text of a client that looks encrypted, %s', (_, each) => {
    for (const planted of [{ a: sealed.redfish_password }, { password: { a: ['ferrule-sealed:'] } }]) {
      expect(() => each.sealedField<unknown>(NODE, 'driver_info', planted)).toThrow(
        "Invalid driver_info: no text in it may begin with 'ferrule-sealed:'.",
      );
    }
  });

  it('leaves everything as it is without a key', () => {
    const off = new SecretsAtRest();
    expect(off.sealedField(NODE, 'driver_info', INFO)).toBe(INFO);
    expect(off.sealedArguments('j', INFO)).toBe(INFO);
  });

  describe('with a new key first', () => {
    const both = new SecretsAtRest([NEW, OLD]);

    it('encrypts with it what another key encrypted, and what is in the clear', () => {
      for (const stored of [sealed, INFO]) {
        const resealed = both.resealedField<unknown>(NODE, 'driver_info', stored);
        expect(new SecretsAtRest([NEW]).openedField(NODE, 'driver_info', resealed)).toEqual(INFO);
        expect(both.resealedField(NODE, 'driver_info', resealed)).toBe(resealed);
      }
    });

    it('encrypts the arguments of a job anew, bound to the job', () => {
      const stored = secrets.sealedArguments('j1', { password: 'calvin', plain: 1 });
      expect(JSON.stringify(stored)).not.toMatch(/calvin|plain/);
      const resealed = both.resealedArguments('j1', stored);
      expect(new SecretsAtRest([NEW]).openedArguments('j1', resealed)).toEqual({
        password: 'calvin',
        plain: 1,
      });
      expect(both.resealedArguments('j1', resealed)).toBe(resealed);
      expect(() => both.openedArguments('j2', resealed)).toThrow('cannot be decrypted');
    });
  });
});
