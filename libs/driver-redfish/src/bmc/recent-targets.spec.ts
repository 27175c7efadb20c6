import { type TaskNode } from '@ferrule/driver-kit';
import { UUID, parse } from './node-target.spec-support.js';
import { RecentTargets } from './recent-targets.js';

const node = (driverInfo: TaskNode['driverInfo']): TaskNode => ({
  uuid: UUID,
  name: null,
  driver: 'redfish',
  driverInfo,
  driverInternalInfo: {},
  properties: {},
  extra: {},
  instanceInfo: {},
  powerState: null,
});
const INFO = { redfish_address: 'https://bmc.test', redfish_password: 'secret-password' };

describe('RecentTargets', () => {
  it('knows the target of another copy of the node', () => {
    const recent = new RecentTargets();
    const target = parse(INFO);
    recent.keep(node({ ...INFO }), target);
    expect(recent.get(node({ ...INFO }))).toBe(target);
    expect(recent.get({ ...node(INFO), uuid: '00000000-0000-4000-8000-000000000000' })).toBeUndefined();
  });

  it.each([
    [{ ...INFO, redfish_password: 'another-password' }],
    [{ redfish_address: INFO.redfish_address }],
    [{ redfish_address: INFO.redfish_address, redfish_username: 'secret-password' }],
    [{ ...INFO, redfish_verify_ca: false }],
  ])('knows none for the driver_info %j', (driverInfo) => {
    const recent = new RecentTargets();
    recent.keep(node({ ...INFO }), parse(INFO));
    expect(recent.get(node(driverInfo))).toBeUndefined();
  });

  it('is not changed by a driver that changes its copy', () => {
    const recent = new RecentTargets();
    const own = node({ ...INFO });
    recent.keep(own, parse(INFO));
    Object.assign(own.driverInfo, { redfish_password: 'another-password' });
    expect(recent.get(own)).toBeUndefined();
    expect(recent.get(node({ ...INFO }))).toBeDefined();
  });

  it('takes an object in driver_info for a change', () => {
    const recent = new RecentTargets();
    const driverInfo = { ...INFO, other: {} };
    recent.keep(node(driverInfo), parse(INFO));
    expect(recent.get(node({ ...INFO, other: {} }))).toBeUndefined();
  });

  it('keeps no certificates, whose file may change', () => {
    const recent = new RecentTargets();
    const target = parse(INFO);
    recent.keep(node({ ...INFO }), { ...target, tls: { ...target.tls, ca: 'PEM' } });
    expect(recent.get(node({ ...INFO }))).toBeUndefined();
  });
});
