import { type TaskNode } from '@ferrule/driver-kit';
import { bootOrderOf, type IpmiBootDevice, isUefi, setBootFlags } from './boot-flags.js';

it.each<[IpmiBootDevice, boolean, boolean, number, number]>([
  ['pxe', false, false, 0x80, 0x04],
  ['pxe', true, true, 0xe0, 0x04],
  ['disk', true, false, 0xc0, 0x08],
  ['safe', false, true, 0xa0, 0x0c],
  ['cdrom', false, true, 0xa0, 0x14],
  ['bios', false, false, 0x80, 0x18],
])('%s (persistent: %s, UEFI: %s)', (device, persistent, uefi, flags, selector) => {
  const request = setBootFlags(device, persistent, uefi);
  expect(request).toEqual([0, 8, 5, flags, selector, 0, 0, 0]);
  expect(bootOrderOf([1, 5, ...request.slice(3)])).toEqual({ device, persistent });
});

it.each([
  [[1, 5, 0, 0, 0, 0, 0], null, null],
  [[1, 5, 0xc0, 0x20, 0, 0, 0], 'cdrom', true],
  [[1, 5, 0x80, 0x3c, 0, 0, 0], 'floppy', false],
  [[1, 5, 0x80, 0x10, 0, 0, 0], null, null],
  [[], null, null],
])('the boot order of %j', (bytes, device, persistent) => {
  expect(bootOrderOf(bytes)).toEqual({ device, persistent });
});

it.each<[TaskNode['properties'], TaskNode['properties'], boolean]>([
  [{}, {}, true],
  [{ capabilities: 'cpu:x,boot_mode:bios' }, {}, false],
  [{ capabilities: 'boot_mode:uefi,secure_boot:true' }, {}, true],
  [{ capabilities: { boot_mode: 'bios' } }, {}, false],
  [{ capabilities: 'boot_mode:uefi' }, { capabilities: '{"boot_mode": "bios"}' }, false],
  [{ capabilities: 'boot_mode:bios' }, { capabilities: { boot_mode: 'uefi' } }, true],
  [{ capabilities: 7 }, { capabilities: null }, true],
])(
  'a node with the properties %j and the instance_info %j boots by UEFI: %s',
  (properties, instanceInfo, expected) => {
    const node: TaskNode = {
      uuid: 'a7f00fdd-cb87-49cf-94dc-c22fcdb91779',
      name: null,
      driver: 'ipmi',
      driverInfo: {},
      driverInternalInfo: {},
      properties,
      extra: {},
      instanceInfo,
      powerState: null,
    };
    expect(isUefi(node)).toBe(expected);
  },
);
