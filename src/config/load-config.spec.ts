import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has defaults for an empty environment', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      allowUnauthenticated: false,
      port: 6385,
      audit: true,
      auditRetention: 365 * 86_400,
      databaseWait: 30,
      migrationTimeout: 600,
      allowedHosts: [],
      auth: [],
      hostname: hostname(),
      dataDir: resolve('.ferrule'),
      enabledHardwareTypes: [],
      interfaces: Object.fromEntries(
        'bios boot console deploy firmware inspect management network power raid rescue storage vendor'
          .split(' ')
          .map((kind) => [kind, {}]),
      ),
      lockTries: 3,
      lockInterval: 1,
      lease: 30,
      maxConnections: 10_000,
      maxConnectionsPerAddress: 1000,
      maxLimit: 1000,
      accessLog: 'off',
      metrics: 'auto',
      console: 'auto',
      maxBody: 1_048_576,
      requestTimeout: 60,
      role: 'all',
      conductorGroup: '',
      conductorConcurrency: 256,
      jobRetention: 604_800,
      keystoneCache: 300,
      keystoneProject: 'service',
      keystoneProjectDomain: 'Default',
      keystoneTimeout: 5,
      keystoneUserDomain: 'Default',
      shutdownTimeout: 30,
      logLevel: 'info',
      warnings: [],
    });
  });

  it('takes secrets for webhooks as other programs make them, and a URL without credentials', () => {
    const key = Buffer.alloc(24, 7);
    const secret = `whsec_${key.toString('base64')}`;
    const url = 'https://hooks.example.org/ferrule/?a=b';
    const config = loadConfig({
      FERRULE_WEBHOOK_URL: url,
      FERRULE_WEBHOOK_SECRET: `${secret}, ${secret}`,
    });
    expect(config).toMatchObject({ webhookUrl: url, webhookSecret: [key, key] });
    for (const FERRULE_WEBHOOK_URL of ['hooks.example.org', 'ftp://hooks', 'https://user:planted@hooks']) {
      const problems = problemsOf({ FERRULE_WEBHOOK_URL });
      expect(problems).toEqual([expect.stringMatching(/^FERRULE_WEBHOOK_URL must /)]);
      expect(problems.join()).not.toContain('planted');
    }
    const short = `whsec_${Buffer.alloc(23).toString('base64')}`;
    for (const FERRULE_WEBHOOK_SECRET of [key.toString('base64'), 'whsec_planted', short, `${secret},x`]) {
      const problems = problemsOf({ FERRULE_WEBHOOK_SECRET });
      expect(problems).toEqual([expect.stringMatching(/^FERRULE_WEBHOOK_SECRET must be whsec_ and /)]);
      expect(problems.join()).not.toContain(FERRULE_WEBHOOK_SECRET);
    }
  });

  it('parses values', () => {
    const config = loadConfig({
      PATH: '/bin',
      FERRULE_PORT: '0',
      FERRULE_DATA_DIR: '/srv/../srv/ferrule/',
      FERRULE_PUBLIC_ENDPOINT: 'https://metal.example.org/ferrule//',
      FERRULE_DATABASE_URL: 'postgresql://u:p@db/ferrule',
      FERRULE_LOCK_INTERVAL: '0.25',
      FERRULE_LEASE: '1m',
      FERRULE_JOB_RETENTION: '36h',
      FERRULE_ENABLED_VENDOR_INTERFACES: ' fake , no-vendor,',
      FERRULE_DEFAULT_VENDOR_INTERFACE: 'no-vendor',
      FERRULE_BMC_NETWORKS: '10.0.0.0/8,fd00::/8',
      FERRULE_EVENT_NETWORKS: '',
      FERRULE_ALLOWED_HOSTS: 'ferrule.internal, fd00::5, [fd00::6]',
    });
    expect(config).toMatchObject({
      port: 0,
      allowedHosts: ['ferrule.internal', 'fd00::5', '[fd00::6]'],
      dataDir: '/srv/ferrule',
      publicEndpoint: 'https://metal.example.org/ferrule',
      databaseUrl: 'postgresql://u:p@db/ferrule',
      lockInterval: 0.25,
      lease: 60,
      jobRetention: 129_600,
      bmcNetworks: ['10.0.0.0/8', 'fd00::/8'],
    });
    expect(config.interfaces.vendor).toEqual({ enabled: ['fake', 'no-vendor'], default: 'no-vendor' });
    expect(config.eventNetworks).toBeUndefined();
  });

  it('is deeply frozen', () => {
    const config = loadConfig({ FERRULE_ENABLED_HARDWARE_TYPES: 'a' });
    for (const part of [
      config,
      config.enabledHardwareTypes,
      config.interfaces,
      config.interfaces.vendor,
      config.warnings,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('keeps a repeated hardware type once, and warns', () => {
    const config = loadConfig({ FERRULE_ENABLED_HARDWARE_TYPES: 'b,,a, b ,b' });
    expect(config.enabledHardwareTypes).toEqual(['b', 'a']);
    expect(config.warnings).toEqual([
      "FERRULE_ENABLED_HARDWARE_TYPES names 'b' twice; the second is ignored.",
    ]);
  });

  it('lists every problem at once', () => {
    expect(
      problemsOf({
        FERRULE_PORT: '70000',
        FERRULE_LOCK_TRIES: '0',
        FERRULE_LEASE: '0s',
        FERRULE_JOB_RETENTION: '7 weeks',
        FERRULE_LOG_LEVEL: 'loud',
        FERRULE_PUBLIC_ENDPOINT: 'metal.example.org',
        FERRULE_BMC_NETWORKS: '10.0.0.0/8,10.0.0.1,10.0.0.0/33',
        FERRULE_ALLOWED_HOSTS: 'a.example:6385,http://b.example,c.example',
        FERRULE_LOCK_TRYS: '3',
        FERRULE_NONSENSE_FILE: 'x',
      }),
    ).toEqual([
      'FERRULE_LOCK_TRYS is not a setting of Ferrule; did you mean FERRULE_LOCK_TRIES?',
      'FERRULE_NONSENSE_FILE is not a setting of Ferrule',
      "FERRULE_PORT must be at most 65535, not '70000'",
      "FERRULE_PUBLIC_ENDPOINT must be a URL that starts with http:// or https://, not 'metal.example.org'",
      expect.stringContaining(
        "FERRULE_ALLOWED_HOSTS must be names or addresses without ports, not 'a.example:6385', 'http://b.example'",
      ),
      "FERRULE_LOCK_TRIES must be at least 1, not '0'",
      "FERRULE_LEASE must be at least 1 s, not '0s'",
      "FERRULE_JOB_RETENTION must be a number of seconds, or a number with one of the units ms, s, m, h, d, not '7 weeks'",
      "FERRULE_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not 'loud'",
      expect.stringContaining(
        "FERRULE_BMC_NETWORKS must be networks such as 10.0.0.0/8 or fd00::/8, not '10.0.0.1', '10.0.0.0/33'",
      ),
    ]);
  });

  it.each(['10.0.0.7', 'fd00::7', 'https://[fd00::7]:6385', 'http://metal-1.example'])(
    'takes %s for the address of a conductor',
    (address) => {
      const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'a', FERRULE_CONDUCTOR_ADDRESS: address };
      expect(loadConfig(env).conductorAddress).toBe(address);
    },
  );

  it.each(['metal-1.example', '[fd00::7]', 'http://a/b', 'ftp://a', 'http://u@a', 'http://a:443/?x'])(
    'does not take %s for the address of a conductor',
    (address) => {
      expect(problemsOf({ FERRULE_CONDUCTOR_ADDRESS: address })).toEqual([
        `FERRULE_CONDUCTOR_ADDRESS must be an IP address, or a URL with http or https, a host and a port, and nothing else, not '${address}'`,
      ]);
    },
  );

  it.each([
    'REQUEST_TIMEOUT',
    'LEASE',
    'SHUTDOWN_TIMEOUT',
    'LOCK_INTERVAL',
    'MIGRATION_TIMEOUT',
    'DATABASE_WAIT',
  ])('refuses a FERRULE_%s that no timer can wait for', (name) => {
    const key = `FERRULE_${name}`;
    expect(problemsOf({ [key]: '25d' })).toEqual([`${key} must be at most 24 days, not '25d'`]);
    expect(problemsOf({ [key]: '24d' })).toEqual([]);
  });

  it('keeps jobs as long as it is told to', () => {
    expect(loadConfig({ FERRULE_JOB_RETENTION: '400d' }).jobRetention).toBe(400 * 86_400);
  });

  it('never prints a secret', () => {
    const problems = problemsOf({
      FERRULE_DATABASE_URL: 'postgresql://u:hunter2@db/ferrule?options=-c%20search_path%3Dx',
      FERRULE_REDIS_URL: 'http://:hunter2@redis',
    });
    expect(problems).toEqual([
      'FERRULE_DATABASE_URL must not have the parameter "options"',
      'FERRULE_REDIS_URL must be a URL that starts with redis:// or rediss://',
    ]);
  });

  it('accepts the variables of the tests', () => {
    expect(problemsOf({ FERRULE_TEST_REQUIRE: 'all' })).toEqual([]);
  });

  describe('with KEY_FILE', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ferrule-config-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('reads the file without the newline at its end', () => {
      const file = join(folder, 'redis');
      writeFileSync(file, 'redis://:x@redis\n');
      expect(loadConfig({ FERRULE_REDIS_URL_FILE: file }).redisUrl).toBe('redis://:x@redis');
    });

    it('refuses a value beside a file, and a missing file', () => {
      const missing = join(folder, 'missing');
      expect(
        problemsOf({
          FERRULE_REDIS_URL: 'redis://a',
          FERRULE_REDIS_URL_FILE: missing,
          FERRULE_LEASE_FILE: missing,
        }),
      ).toEqual([
        'FERRULE_REDIS_URL and FERRULE_REDIS_URL_FILE are both set; set one of them',
        `FERRULE_LEASE_FILE: the file '${missing}' cannot be read (ENOENT)`,
      ]);
    });
  });
});
