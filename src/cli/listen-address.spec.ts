import { listenAddress } from './listen-address.js';

const closed = (host: string) => listenAddress({ host, allowUnauthenticated: false });

describe('listenAddress', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1'])('lets the service listen on %s', async (host) => {
    await expect(closed(host)).resolves.toBe(host);
  });

  it('resolves a name of this machine', async () => {
    await expect(closed('localhost')).resolves.toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'fd00::7', '::ffff:192.0.2.7'])(
    'refuses %s, which other machines can reach, unless allowed',
    async (host) => {
      await expect(closed(host)).rejects.toThrow(
        `With FERRULE_HOST=${host} other machines can reach the service, and there is no authentication yet`,
      );
      await expect(closed(host)).rejects.toThrow('FERRULE_ALLOW_UNAUTHENTICATED=true');
      await expect(listenAddress({ host, allowUnauthenticated: true })).resolves.toBe(host);
    },
  );

  it('says which setting is wrong when a name has no address', async () => {
    await expect(closed('no-such-host.invalid')).rejects.toThrow(
      /^FERRULE_HOST=no-such-host\.invalid is neither an address of this machine/,
    );
  });
});
