import { ServiceSettings } from '@ferrule/driver-kit';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CipherSuites } from './client/cipher-suites.js';
import { versionOf } from './client/ipmitool.js';
import { IpmiBmcs, Ipmitool, IpmiSettings } from './index.js';

const NODE = { uuid: 'a7f00fdd-cb87-49cf-94dc-c22fcdb91779', driverInfo: { ipmi_address: '192.0.2.1' } };

describe('a machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-ipmitool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(script: string): string {
    const file = join(folder, 'ipmitool');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('without ipmitool is an error of calls and a warning of the start, until it is installed', async () => {
    const tool = join(folder, 'ipmitool');
    const settings = new IpmiSettings({ tool });
    const ipmitool = new Ipmitool(settings);
    await ipmitool.onModuleInit();
    const bmcs = new IpmiBmcs(settings, ipmitool, new ServiceSettings());
    const words = `The program ${tool} is not found, so no node with the driver ipmi can be used. Install the package ipmitool, or name the program in FERRULE_IPMI_TOOL.`;
    expect(settings.warnings()).toEqual([words]);
    expect(() => bmcs.check(NODE)).toThrow(words);
    program('exit 0');
    expect(settings.warnings()).toEqual([]);
    expect(() => bmcs.check(NODE)).not.toThrow();
  });

  it('tells the version of its ipmitool', async () => {
    expect(await versionOf(program('[ "$*" = -V ] && echo "ipmitool version 1.8.19"'))).toBe('1.8.19');
    expect(await versionOf(program('echo something else'))).toBeUndefined();
    expect(await versionOf(join(folder, 'none'))).toBeUndefined();
  });
});

describe('IpmiSettings', () => {
  it('have defaults', () => {
    const settings = new IpmiSettings({});
    expect(settings).toMatchObject({
      tool: 'ipmitool',
      cipherSuites: [17, 3],
      minCommandInterval: 1,
      answerTimeout: 5,
      commandTimeout: 60,
    });
    expect(settings.rawDeny.toString()).toBe('0x00/0x02, 0x06/0x34, 0x06/0x43, 0x06/0x45, 0x06/0x52, 0x08');
  });

  it.each([
    [{ cipherSuites: '17,x' }, 'must be numbers of cipher suites, such as "17,3"'],
    [{ answerTimeout: '0' }, 'must be a whole number from 1 to 60'],
    [{ rawDeny: 'all' }, "'all' is not"],
  ])('refuse %j', (texts, words) => {
    expect(() => new IpmiSettings(texts)).toThrow(words);
  });
});

it('an accepted cipher suite is tried first, and the others after it', () => {
  const suites = new CipherSuites([17, 3]);
  suites.remember('a', 3);
  expect([suites.of('a'), suites.of('b')]).toEqual([
    [3, 17],
    [17, 3],
  ]);
});
