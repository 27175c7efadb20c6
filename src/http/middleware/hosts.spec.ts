import { AcceptedHosts, type HostOptions } from './hosts.js';

const hosts = (options: Partial<HostOptions> = {}): AcceptedHosts =>
  new AcceptedHosts({ bound: '127.0.0.1', publicEndpoint: undefined, allowed: [], ...options });

describe('accepted hosts', () => {
  it.each([
    'localhost',
    'localhost:6385',
    'LOCALHOST:1',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.8.9.10:6385',
    '[::1]',
    '[::1]:6385',
    '[0:0:0:0:0:0:0:1]',
  ])('%s is always one', (host) => {
    expect(hosts().accepts(host, '127.0.0.1')).toBe(true);
    expect(hosts({ bound: '10.0.0.5' }).accepts(host, '10.0.0.5')).toBe(true);
  });

  it.each([
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:6385',
    '10.0.0.5',
    '0.0.0.0',
    '[::2]',
    'localhost:port',
    'localhost:123456',
    'localhost, evil.example',
    'user@localhost',
    'localhost/path',
    'localhost evil.example',
    '[::1',
  ])('%j is none of a service on loopback', (host) => {
    expect(hosts().accepts(host, '127.0.0.1')).toBe(false);
  });

  it('are the bound address, with any port', () => {
    const bound = hosts({ bound: '10.0.0.5' });
    expect(bound.accepts('10.0.0.5', '10.0.0.5')).toBe(true);
    expect(bound.accepts('10.0.0.5:8080', '10.0.0.5')).toBe(true);
    expect(bound.accepts('10.0.0.6:8080', '10.0.0.5')).toBe(false);
    expect(bound.accepts('ferrule.example', '10.0.0.5')).toBe(false);
  });

  it('are the bound name and the address it resolves to', () => {
    const bound = hosts({ bound: 'ferrule.lan' });
    expect(bound.accepts('ferrule.lan:6385', '10.0.0.5')).toBe(true);
    expect(bound.accepts('10.0.0.5:6385', '10.0.0.5')).toBe(true);
    expect(bound.accepts('10.0.0.6:6385', '10.0.0.5')).toBe(false);
  });

  it.each(['0.0.0.0', '::'])('bound to %s are all addresses but no names', (bound) => {
    const any = hosts({ bound });
    for (const host of ['10.0.0.5', '203.0.113.7:6385', '[fd00::5]:6385', '0.0.0.0:6385']) {
      expect(any.accepts(host, '172.17.0.2')).toBe(true);
    }
    for (const host of ['evil.example', 'evil.example:6385', '10.0.0.5.evil.example']) {
      expect(any.accepts(host, '172.17.0.2')).toBe(false);
    }
  });

  it('include the address of an IPv4 connection to an IPv6 socket', () => {
    expect(hosts({ bound: 'ferrule.lan' }).accepts('10.0.0.5', '::ffff:10.0.0.5')).toBe(true);
  });

  it('include the host of the public endpoint and the allowed ones', () => {
    const named = hosts({
      publicEndpoint: 'https://metal.example:8443/baremetal',
      allowed: ['Ferrule.internal', 'fd00::5'],
    });
    for (const host of ['metal.example', 'metal.example:6385', 'ferrule.internal:1', '[FD00::5]:6385']) {
      expect(named.accepts(host, '127.0.0.1')).toBe(true);
    }
    expect(named.accepts('www.metal.example', '127.0.0.1')).toBe(false);
  });

  it('accept their own origin and that of the public endpoint', () => {
    const named = hosts({ publicEndpoint: 'https://metal.example:8443/baremetal' });
    expect(named.isOwnOrigin('http://localhost:6385', 'http://localhost:6385')).toBe(true);
    expect(named.isOwnOrigin('https://metal.example:8443', 'http://localhost:6385')).toBe(true);
    for (const origin of [
      'null',
      '',
      'http://localhost:3000',
      'http://localhost',
      'https://localhost:6385',
      'http://evil.example',
      'https://metal.example',
    ]) {
      expect(named.isOwnOrigin(origin, 'http://localhost:6385')).toBe(false);
    }
  });
});
