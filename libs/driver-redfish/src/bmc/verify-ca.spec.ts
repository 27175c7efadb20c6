import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaDirectory } from '../ca-directory.js';
import { nodeTarget } from './node-target.js';
import { parse, refusal, UUID } from './node-target.spec-support.js';

describe('redfish_verify_ca', () => {
  const { certPem: pem, keyPem } = selfSignedCertificate();
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ferrule-ca-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    [true, true],
    [false, false],
    ['true', true],
    [' Yes ', true],
    ['1', true],
    ['off', false],
    ['N', false],
    [undefined, true],
  ])('reads %j', (redfish_verify_ca, verify) => {
    expect(parse({ redfish_verify_ca }).tls).toMatchObject({ verify });
  });

  it('takes certificates as text, without other content', () => {
    const { tls } = parse({ redfish_verify_ca: `${keyPem}\n${pem}` });
    expect(tls).toMatchObject({ verify: true, ca: pem.trim() });
  });

  it('takes files and directories below the configured directory', () => {
    mkdirSync(join(directory, 'rack1'));
    writeFileSync(join(directory, 'rack1', 'a.pem'), pem);
    for (const path of ['rack1/a.pem', join(directory, 'rack1', 'a.pem'), 'rack1']) {
      expect(parse({ redfish_verify_ca: path }, directory).tls.ca).toBe(pem.trim());
    }
  });

  it('opens nothing outside of it', () => {
    const outside = mkdtempSync(join(tmpdir(), 'ferrule-ca-outside-'));
    try {
      writeFileSync(join(outside, 'a.pem'), pem);
      mkdirSync(join(directory, 'inside'));
      symlinkSync(outside, join(directory, 'link'));
      const name = outside.split('/').at(-1) ?? '';
      const paths = [
        join(outside, 'a.pem'),
        `../${name}/a.pem`,
        `link/../../${name}/a.pem`,
        `inside/../../${name}/a.pem`,
        '/etc/passwd',
      ];
      for (const path of paths)
        expect(refusal({ redfish_verify_ca: path }, directory).code).toBe('InvalidParameterValue');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('follows links in the directory, as mounted secrets and hashed folders have them', () => {
    const outside = mkdtempSync(join(tmpdir(), 'ferrule-ca-outside-'));
    try {
      writeFileSync(join(outside, 'ca.crt'), pem);
      // A mounted secret of Kubernetes.
      symlinkSync(outside, join(directory, '..data'));
      symlinkSync(join('..data', 'ca.crt'), join(directory, 'ca.crt'));
      symlinkSync('ca.crt', join(directory, '0a1b2c3d.0'));
      symlinkSync('nowhere', join(directory, 'broken.pem'));
      for (const path of ['.', 'ca.crt', '0a1b2c3d.0', directory]) {
        expect(parse({ redfish_verify_ca: path }, directory).tls.ca).toBe(pem.trim());
      }
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('reads a file once, and again after a while', () => {
    const file = join(directory, 'a.pem');
    const other = selfSignedCertificate().certPem;
    const read = (directory: CaDirectory) =>
      nodeTarget({ redfish_address: 'bmc', redfish_verify_ca: 'a.pem' }, { caDirectory: directory }).tls.ca;
    const [once, always] = [new CaDirectory(directory), new CaDirectory(directory, 0)];
    writeFileSync(file, pem);
    expect([read(once), read(always)]).toEqual([pem.trim(), pem.trim()]);
    writeFileSync(file, other);
    expect([read(once), read(always)]).toEqual([pem.trim(), other.trim()]);
  });

  it('opens nothing if no directory is configured', () => {
    writeFileSync(join(directory, 'a.pem'), pem);
    const path = join(directory, 'a.pem');
    expect(refusal({ redfish_verify_ca: path }).message).toBe(
      `Invalid value type set in driver_info/redfish_verify_ca on node ${UUID}. ` +
        `The value should be a Boolean or the path to a file/directory, not "${path}"`,
    );
  });

  it.each([7, [], 'maybe', '', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', keyPem])(
    'refuses what it cannot use, without quoting a key',
    (redfish_verify_ca) => {
      const { message } = refusal({ redfish_verify_ca }, directory);
      expect(message).toContain('The value should be a Boolean or the path to a file/directory, not "');
      expect(message).not.toContain('BEGIN');
    },
  );
});
