import { RedfishForeignLinkError } from '../errors.js';
import { bare, distinctPaths, lastSegment, Links, samePath } from './links.js';

const links = new Links('https://bmc.test:8443', '/redfish/v1/', [
  'https://10.0.0.5',
  'https://10.0.0.6:444/x',
]);

describe('Links', () => {
  it.each([
    ['/redfish/v1/Systems/1', '/redfish/v1/Systems/1'],
    ['/redfish/v1/Systems/1/', '/redfish/v1/Systems/1/'],
    ['/redfish/v1/Systems/a%2Fb', '/redfish/v1/Systems/a%2Fb'],
    ['/redfish/v1/Systems?$skip=2', '/redfish/v1/Systems?$skip=2'],
    ['/redfish/v1/Chassis/1/Thermal#/Fans/0', '/redfish/v1/Chassis/1/Thermal'],
    ['Systems', '/redfish/v1/Systems'],
    ['redfish/v1/Systems/1', '/redfish/v1/Systems/1'],
    ['TaskService/Tasks/1', '/redfish/v1/TaskService/Tasks/1'],
    ['https://bmc.test:8443/redfish/v1/x', '/redfish/v1/x'],
    ['HTTPS://BMC.test:8443/redfish/v1/x', '/redfish/v1/x'],
    ['//bmc.test:8443/redfish/v1/x', '/redfish/v1/x'],
    ['https://10.0.0.5/redfish/v1/x', '/redfish/v1/x'],
    ['https://10.0.0.6:444/redfish/v1/x', '/redfish/v1/x'],
  ])('follows %s', (link, path) => {
    expect(links.resolve(link)).toBe(path);
  });

  it.each([
    'https://evil.test/redfish/v1/x',
    'https://bmc.test/redfish/v1/x',
    'http://bmc.test:8443/redfish/v1/x',
    'https://bmc.test:8443@evil.test/x',
    '//evil.test/x',
    '\\\\evil.test\\x',
    'file:///etc/passwd',
    'https://[',
  ])('refuses %s', (link) => {
    expect(() => links.resolve(link)).toThrow(RedfishForeignLinkError);
  });

  it('takes links without a leading slash from the root, not from the request', () => {
    const base = '/redfish/v1/EventService/Subscriptions';
    expect(links.resolve('redfish/v1/TaskService/Tasks/1', base)).toBe('/redfish/v1/TaskService/Tasks/1');
    expect(links.resolve('TaskService/Tasks/1', base)).toBe('/redfish/v1/TaskService/Tasks/1');
    expect(links.resolve('Subscriptions/1', base)).toBe('/redfish/v1/EventService/Subscriptions/1');
    const gateway = new Links('https://bmc.test', '/bmc1/redfish/v1/');
    expect(gateway.resolve('bmc1/redfish/v1/Systems/1', base)).toBe('/bmc1/redfish/v1/Systems/1');
  });

  it('shows no userinfo and no query of a foreign link', () => {
    expect(links.locate('https://user:hunter2@evil.test/x?token=t')).toEqual({
      foreign: 'https://evil.test/x',
    });
  });
});

describe('paths', () => {
  it('compare without the slashes at their ends', () => {
    expect(samePath('/redfish/v1/Systems/', '/redfish/v1/Systems')).toBe(true);
    expect(samePath('/redfish/v1/Systems/1', '/redfish/v1/Systems')).toBe(false);
    expect(bare('/')).toBe('/');
  });

  it('are listed once, as first seen', () => {
    expect(distinctPaths(['/a/', '/b', '/a', '/b/', '/a/c'])).toEqual(['/a/', '/b', '/a/c']);
  });

  it.each([
    ['/redfish/v1/Managers/BMC/', 'BMC'],
    ['/redfish/v1/Subscriptions/a%20b', 'a b'],
    ['/redfish/v1/Subscriptions/100%', '100%'],
    ['Sel', 'Sel'],
  ])('have a last segment: that of %s is %s', (path, segment) => {
    expect(lastSegment(path)).toBe(segment);
  });
});
