import { listenAddress, openness } from './listen-address.js';

const BASE = { port: 6385, metrics: 'off', auth: [], allowUnauthenticated: false } as const;
const closed = (host: string) => listenAddress({ ...BASE, host });

describe('listenAddress', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1'])('lets the service listen on %s', async (host) => {
    expect(await closed(host)).toEqual({ address: host });
  });

  it('resolves a name of this machine', async () => {
    expect(await closed('localhost')).toEqual({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'fd00::7', '::ffff:192.0.2.7'])(
    'refuses %s, which other machines can reach, unless allowed or with authentication',
    async (host) => {
      const refused = await closed(host);
      const problem = 'problem' in refused ? refused.problem : '';
      expect(problem).toContain(
        `With FERRULE_HOST=${host} other machines can reach the service, and there is no authentication`,
      );
      expect(problem).toContain('FERRULE_ALLOW_UNAUTHENTICATED=true');
      const listening = { address: host };
      expect(await listenAddress({ ...BASE, host, allowUnauthenticated: true })).toEqual(listening);
      expect(await listenAddress({ ...BASE, host, auth: ['token'] })).toEqual(listening);
    },
  );

  it.each([
    ['127.0.0.1', '127.0.0.1', 6385, true],
    ['127.0.0.1', '0.0.0.0', 6385, true],
    ['::1', '127.0.0.1', 6385, false],
    ['127.0.0.1', '127.0.0.1', 9464, false],
  ])('tells %s from metrics at %s, port %i: clash %s', async (host, metricsHost, port, isClash) => {
    const found = await listenAddress({ ...BASE, host, metrics: { host: metricsHost, port } });
    expect(found).toEqual(
      isClash
        ? { problem: expect.stringContaining('FERRULE_METRICS and FERRULE_PORT have the same port 6385') }
        : { address: host },
    );
  });

  it('says which setting is wrong when a name has no address', async () => {
    expect(await closed('no-such-host.invalid')).toEqual({
      problem: expect.stringMatching(
        /^FERRULE_HOST=no-such-host\.invalid is neither an address of this machine/,
      ),
    });
  });
});

describe('openness', () => {
  it('warns when others can read what callers send', () => {
    expect(openness('0.0.0.0', {})).toEqual([expect.stringMatching(/there is no TLS/)]);
    expect(openness('127.0.0.1', {})).toEqual([]);
    expect(openness('0.0.0.0', { tlsCert: '/tls.crt' })).toEqual([]);
    expect(openness('0.0.0.0', { trustedProxies: ['10.0.0.1/32'] })).toEqual([]);
  });
});
