import { jest } from '@jest/globals';
import { addressAllowed, destinationAllowed, parseNetworks } from './networks.js';

describe('parseNetworks', () => {
  it('reads networks and single addresses of both families', () => {
    const networks = parseNetworks('10.0.0.0/8, 192.0.2.7\nfd00::/8');
    expect(networks?.cidrs).toEqual(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
    const inside = ['10.255.0.1', '192.0.2.7', 'fd12::1', '::ffff:10.0.0.1'];
    const outside = ['11.0.0.1', '192.0.2.8', 'fe00::1', '::ffff:11.0.0.1', 'bmc.example'];
    expect(inside.filter((address) => !networks?.contains(address))).toEqual([]);
    expect(outside.filter((address) => networks?.contains(address))).toEqual([]);
  });

  it.each([undefined, '', ' , ', []])('takes %j for no restriction', (text) => {
    expect(parseNetworks(text)).toBeUndefined();
  });

  it.each(['10.0.0.0/33', 'fd00::/129', 'bmc.example', '10.0.0.0/8/8', '10.0.0.0/x', '10.0.0/8'])(
    'refuses %s by name',
    (text) => {
      expect(() => parseNetworks(`10.0.0.0/8,${text}`)).toThrow(`"${text}" is not a network`);
    },
  );
});

describe('addressAllowed', () => {
  const refused = [
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '::',
    'ff02::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '64:ff9b:1::1',
    '64:ff9b:1:fffe::a00:1',
    '64:ff9b::6464:64c8',
    '::ffff:0:169.254.169.254',
    '::ffff:0.0.0.0',
    '2002:e000:1::',
    '::a9fe:a9fe',
    'fd20:ce::254',
    'fd00:42::42',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ];

  it.each(refused)('does not allow %s unless a network names it', (address) => {
    expect(addressAllowed(address)).toBe(false);
    expect(addressAllowed(address, parseNetworks('0.0.0.0/0, ::/0'))).toBe(false);
    const mapped = /^::ffff:([0-9.]+)$/.exec(address)?.[1];
    const own = mapped ?? address.replace('::ffff:a9fe:a9fe', '169.254.169.254').replace(/%.*/, '');
    expect(addressAllowed(address, parseNetworks(`10.0.0.0/8, ${own}`))).toBe(true);
  });

  it.each([
    ['169.254.0.0/16', '169.254.3.1', true],
    ['169.254.3.0/24', '169.254.3.1', true],
    ['169.254.3.0/24', '169.254.4.1', false],
    ['169.254.0.0/16', '169.254.169.254', false],
    ['169.0.0.0/8', '169.254.3.1', false],
    ['100.64.0.0/10', '100.100.100.200', false],
    ['100.64.0.0/10', '100.100.100.201', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['fd00::/8', 'fd00:ec2::254', false],
    ['2001::/32', '2001::1', true],
    ['::/0', '2001:db8::1', true],
    ['64:ff9b::/96', '64:ff9b::a9fe:301', false],
    ['64:ff9b::/96', '64:ff9b::a00:1', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
  ])('with the network %s, %s is allowed: %p', (network, address, isAllowed) => {
    expect(addressAllowed(address, parseNetworks(network))).toBe(isAllowed);
  });

  it('allows anything else without networks, and their members with', () => {
    expect(
      ['10.0.0.1', '127.0.0.1', '::1', '192.0.2.1', '2001:db8::1', 'fd00:ec2::255', '64:ff9b::a00:1'].every(
        (a) => addressAllowed(a),
      ),
    ).toBe(true);
    expect(addressAllowed('10.0.0.1', parseNetworks('10.0.0.0/8'))).toBe(true);
    expect(addressAllowed('127.0.0.1', parseNetworks('10.0.0.0/8'))).toBe(false);
  });

  it('allows no names', () => {
    expect(addressAllowed('bmc.example')).toBe(false);
  });
});

describe('destinationAllowed', () => {
  const networks = parseNetworks('192.0.2.0/24');
  const resolvesTo =
    (...addresses: string[]) =>
    async () =>
      Promise.resolve(addresses);
  const unknown = async () => Promise.reject(new Error('ENOTFOUND'));

  it('checks addresses and everything a name resolves to', async () => {
    expect(await destinationAllowed('https://192.0.2.9/x', networks)).toEqual({ allowed: true });
    expect(await destinationAllowed('https://events.test/', networks, resolvesTo('192.0.2.9'))).toEqual({
      allowed: true,
    });
    expect(
      await destinationAllowed('https://events.test/', networks, resolvesTo('192.0.2.9', '10.0.0.1')),
    ).toEqual({
      allowed: false,
      reason: 'events.test (10.0.0.1) is not in a network that events may be sent to.',
    });
    expect(await destinationAllowed('https://[2001:db8::1]/', networks)).toMatchObject({ allowed: false });
  });

  it('refuses metadata addresses without networks, too, in every spelling', async () => {
    for (const host of [
      '169.254.169.254',
      '0xa9fea9fe',
      '2852039166',
      '[fe80::1]',
      '[::ffff:169.254.169.254]',
    ]) {
      expect(await destinationAllowed(`http://${host}/latest`)).toMatchObject({ allowed: false });
    }
    expect(
      await destinationAllowed('http://meta.test/', undefined, resolvesTo('169.254.169.254')),
    ).toMatchObject({
      allowed: false,
    });
  });

  it('allows a name that does not resolve only if no networks are configured', async () => {
    expect(await destinationAllowed('https://inside.test/', undefined, unknown)).toEqual({ allowed: true });
    expect(await destinationAllowed('https://inside.test/', networks, unknown)).toMatchObject({
      allowed: false,
    });
    expect(await destinationAllowed('https://inside.test/', networks, resolvesTo())).toMatchObject({
      allowed: false,
    });
  });

  it('shows neither path nor userinfo of what it refuses', async () => {
    const answer = await destinationAllowed('https://user:hunter2@10.0.0.1/key?token=t', networks);
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|token/);
    expect(await destinationAllowed('no url', networks)).toEqual({
      allowed: false,
      reason: 'It is not a URL.',
    });
  });

  it('refuses a name whose addresses do not arrive', async () => {
    jest.useFakeTimers();
    try {
      const verdict = destinationAllowed('https://silent.example/x', networks, () => new Promise(() => {}));
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await verdict).toEqual({
        allowed: false,
        reason: 'silent.example cannot be resolved, so it cannot be checked.',
      });
    } finally {
      jest.useRealTimers();
    }
  });
});
