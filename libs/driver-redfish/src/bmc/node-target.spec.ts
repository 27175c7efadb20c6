import { inspect } from 'node:util';
import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { nodeTarget } from './node-target.js';
import { parse, refusal, UUID } from './node-target.spec-support.js';

describe('redfish_address', () => {
  it.each([
    ['https://bmc.test', 'https://bmc.test', '/redfish/v1/'],
    ['http://bmc.test:8000/', 'http://bmc.test:8000', '/redfish/v1/'],
    ['bmc.test', 'https://bmc.test', '/redfish/v1/'],
    ['bmc.test:8443', 'https://bmc.test:8443', '/redfish/v1/'],
    ['192.0.2.1', 'https://192.0.2.1', '/redfish/v1/'],
    ['2001:db8::1', 'https://[2001:db8::1]', '/redfish/v1/'],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', '/redfish/v1/'],
    ['https://gateway.test/bmc1/redfish/v1', 'https://gateway.test', '/bmc1/redfish/v1/'],
    ['HTTPS://BMC.test:443', 'https://bmc.test', '/redfish/v1/'],
  ])('reads %s', (redfish_address, origin, root) => {
    expect(parse({ redfish_address })).toMatchObject({ origin, root, owner: UUID });
  });

  it.each([undefined, null, ''])('is missing when it is %j', (redfish_address) => {
    const error = refusal({ redfish_address });
    expect(error).toBeInstanceOf(MissingParameterValue);
    expect(error.message).toBe(
      `Missing the following Redfish properties in node ${UUID} driver_info: ['redfish_address']`,
    );
  });

  it.each([
    'ftp://bmc.test',
    'https://',
    'https:///x',
    'bmc test',
    'https://bmc.test:99999',
    'https://[::1',
    'a:b:c',
    7,
  ])('is invalid when it is %s', (redfish_address) => {
    const error = refusal({ redfish_address });
    expect(error).toBeInstanceOf(InvalidParameterValue);
    expect(error.message).toBe(
      `Invalid Redfish address ${redfish_address} set in driver_info/redfish_address on node ${UUID}`,
    );
  });

  it('takes the user from the address if driver_info names none, and removes it from the origin', () => {
    const target = parse({ redfish_address: 'https://root:p%40ss@bmc.test' });
    expect([target.origin, target.credential?.username, target.credential?.reveal()]).toEqual([
      'https://bmc.test',
      'root',
      'p@ss',
    ]);
    const named = parse({
      redfish_address: 'https://root:x@bmc.test',
      redfish_username: 'admin',
      redfish_password: 'y',
    });
    expect([named.credential?.username, named.credential?.reveal()]).toEqual(['admin', 'y']);
  });

  it.each([
    ['https://root:hunter2@bmc test', 'https://***@bmc test'],
    ['root:hunter2@bmc test', '***@bmc test'],
    ['http://root:hunt/er2@bmc.test:x', 'http://***@bmc.test:x'],
    ['root:hunt//er2@bmc test', '***@bmc test'],
  ])('does not show the userinfo of an address it refuses: %s', (redfish_address, shown) => {
    const { message } = refusal({ redfish_address });
    expect(message).toContain(`Invalid Redfish address ${shown} set in`);
  });
});

describe('redfish_system_id', () => {
  it.each([
    ['/redfish/v1/Systems/1', '/redfish/v1/Systems/1'],
    ['/redfish/v1/Systems/Self One', '/redfish/v1/Systems/Self%20One'],
    ['/redfish/v1/Systems/Self%20One', '/redfish/v1/Systems/Self%20One'],
    ['/redfish/v1/Systems/100%', '/redfish/v1/Systems/100%25'],
    ['/redfish/v1/Systems/a?b#c', '/redfish/v1/Systems/a%3Fb%23c'],
    ['/redfish/v1/Systems/é', '/redfish/v1/Systems/%C3%A9'],
    ['Systems/1', '/redfish/v1/Systems/1'],
    ['/redfish/v1/Systems/437XR:1', '/redfish/v1/Systems/437XR:1'],
  ])('quotes %s once', (redfish_system_id, systemId) => {
    expect(parse({ redfish_system_id }).systemId).toBe(systemId);
  });

  it.each([7, true, ['/x'], 'https://evil.test/redfish/v1/Systems/1', '//evil.test/x', '\ud800'])(
    'is invalid when it is %j',
    (redfish_system_id) => {
      const { code, message } = refusal({ redfish_system_id });
      expect(code).toBe('InvalidParameterValue');
      expect(message).toMatch(/^Invalid value ".*" set in driver_info\/redfish_system_id on node /s);
      expect(message).toMatch(
        /The value should be a path \(string\) to the resource that the driver will interact with\. For example: \/redfish\/v1\/Systems\/1$/,
      );
    },
  );

  it('may be absent', () => {
    expect(parse({}).systemId).toBeUndefined();
  });
});

describe('the other keys', () => {
  it('have defaults', () => {
    expect(parse({})).toMatchObject({ authType: 'auto', tls: { verify: true, minVersion: undefined } });
    const defaults = { verifyCa: false, authType: 'basic', tlsMinimumVersion: '1.3' } as const;
    const target = nodeTarget({ redfish_address: 'bmc.test' }, { defaults });
    expect(target).toMatchObject({ authType: 'basic', tls: { verify: false, minVersion: '1.3' } });
    expect(target.credential).toBeUndefined();
  });

  it('accept numbers that the command line client made of digits', () => {
    const target = parse({ redfish_tls_minimum_version: 1.2, redfish_username: 1, redfish_password: 2 });
    expect(target.tls.minVersion).toBe('1.2');
    expect([target.credential?.username, target.credential?.reveal()]).toEqual(['1', '2']);
  });

  it("are refused with Ironic's messages", () => {
    expect(refusal({ redfish_auth_type: 'Basic' }).message).toBe(
      `Invalid value "Basic" set in driver_info/redfish_auth_type on node ${UUID}. ` +
        'The value should be one of "basic", "session" or "auto".',
    );
    expect(refusal({ redfish_tls_minimum_version: '1.0' }).message).toBe(
      `Invalid value "1.0" set in driver_info/redfish_tls_minimum_version on node ${UUID}. ` +
        'The value should be one of "1.1", "1.2", or "1.3".',
    );
  });

  it('may limit times, tries and sockets, as numbers or digits', () => {
    expect(parse({}).tuning).toBeUndefined();
    const limits = {
      redfish_connect_timeout: 10,
      redfish_response_timeout: '300',
      redfish_call_timeout: 600,
      redfish_task_timeout: '7200',
      redfish_attempts: 2,
      redfish_sockets: '1',
    };
    expect(parse(limits).tuning).toEqual({
      connect: 10_000,
      firstByte: 300_000,
      total: 600_000,
      task: 7_200_000,
      attempts: 2,
      sockets: 1,
    });
  });

  it.each([
    ['redfish_response_timeout', 0, 3600],
    ['redfish_response_timeout', 3601, 3600],
    ['redfish_call_timeout', '1m', 3600],
    ['redfish_attempts', 1.5, 20],
    ['redfish_sockets', true, 8],
    ['redfish_connect_timeout', [5], 600],
  ])('refuse %s %j', (key, value, most) => {
    expect(refusal({ [key]: value }).message).toBe(
      `Invalid value "${typeof value === 'string' ? value : JSON.stringify(value)}" set in driver_info/${key} ` +
        `on node ${UUID}. The value should be a whole number from 1 to ${most}.`,
    );
  });

  it('are checked in the order of Ironic', () => {
    const wrong: Record<string, unknown> = {
      redfish_address: '',
      redfish_system_id: 7,
      redfish_verify_ca: 7,
      redfish_auth_type: 7,
      redfish_tls_minimum_version: 7,
    };
    const order: string[] = [];
    for (const key of Object.keys(wrong)) {
      order.push(/redfish_\w+/.exec(refusal(wrong).message)?.[0] ?? '');
      delete wrong[key];
    }
    expect(order).toEqual([
      'redfish_address',
      'redfish_system_id',
      'redfish_verify_ca',
      'redfish_auth_type',
      'redfish_tls_minimum_version',
    ]);
  });
});

it('shows no password when a target is logged or made JSON', () => {
  const target = parse({ redfish_username: 'admin', redfish_password: 'hunter2' });
  expect(inspect(target, { depth: 9, showHidden: true }) + JSON.stringify(target)).not.toContain('hunter2');
});
