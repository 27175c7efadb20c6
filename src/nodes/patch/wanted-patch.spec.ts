import { BadRequest } from '../../http/errors.js';
import { readNodePatch } from './wanted-patch.js';

describe('reading a patch of a node', () => {
  it.each([
    'uuid',
    'provision_state',
    'power_state',
    'traits',
    'reservation',
    'last_error',
    'conductor',
    'links',
    'console_enabled',
    'boot_mode',
  ])('refuses %s', (field) => {
    expect(() => readNodePatch([{ op: 'replace', path: `/${field}`, value: 'x' }], 109)).toThrow(BadRequest);
  });
});
