import { readNodePatch } from './wanted-patch.js';
import { maskablePatch } from '../../resources/shown-patch.js';

const SECRET = 'planted-hunter2';
const MICROVERSION = 90;

describe('a patch in the audit', () => {
  it.each([
    ['/driver_info', { address: 'a', password: SECRET }, { address: 'a', password: '******' }],
    ['/driver_info/password', SECRET, '******'],
    ['/driver_info/users/0/token', SECRET, '******'],
    ['/driver_info/password/parts/0', SECRET, '******'],
    ['/extra/tags', [{ pin: SECRET, kept: 1 }], [{ pin: '******', kept: 1 }]],
    ['/extra/deep/down', { secret: SECRET }, { secret: '******' }],
    ['/instance_info/configdrive', SECRET, '******'],
    ['/properties/cpus', 4, 4],
    ['/name', 'node-1', 'node-1'],
    ['/description', null, null],
  ])('shows the value of %s without secrets', (path, value, shown) => {
    const operations = readNodePatch([{ op: 'add', path, value }], MICROVERSION);
    expect(maskablePatch(operations).masked()).toEqual([{ op: 'add', path, value: shown }]);
  });

  it('shows a removal without a value', () => {
    const operations = readNodePatch([{ op: 'remove', path: '/driver_info/password' }], MICROVERSION);
    expect(maskablePatch(operations).masked()).toEqual([{ op: 'remove', path: '/driver_info/password' }]);
  });
});
