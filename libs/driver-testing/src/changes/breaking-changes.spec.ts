import { DriverModule, HardwareType, Passthru, Settings, VendorInterface } from '@ferrule/driver-kit';
import { z } from 'zod';
import { subjectOf } from '../subject/subject.js';
import { breakingChanges } from './breaking-changes.js';

interface Version {
  readonly returns: z.ZodType;
  readonly timeout: '1m' | '30m';
  readonly settings: z.ZodObject;
}

function driver(version: Version) {
  @VendorInterface({ name: 'acme' })
  class AcmeVendor {
    @Passthru({ http: ['GET'], description: 'Read.', returns: version.returns, timeout: version.timeout })
    read(): unknown {
      return undefined;
    }
  }
  @HardwareType({ name: 'acme', description: 'Racks', interfaces: { vendor: [AcmeVendor] } })
  class Acme {}
  class AcmeSettings extends Settings(version.settings) {}
  @DriverModule({ kit: 1, hardwareTypes: [Acme], settings: AcmeSettings })
  class AcmeDriver {}
  return [subjectOf(AcmeDriver)];
}

describe('breakingChanges', () => {
  const before: Version = {
    returns: z.object({ fan: z.int() }),
    timeout: '30m',
    settings: z.object({ mirror: z.string().optional(), token: z.string().optional() }),
  };

  it('is nothing for what is as before, or allows more', () => {
    expect(breakingChanges(driver(before), driver(before))).toEqual([]);
    const wider: Version = { ...before, returns: z.object({ fan: z.int(), rpm: z.int() }) };
    expect(breakingChanges(driver(before), driver(wider))).toEqual([]);
    expect(breakingChanges(driver({ ...before, timeout: '1m' }), driver(before))).toEqual([]);
  });

  it.each<[change: Partial<Version>, found: string[]]>([
    [{ timeout: '1m' }, ['acme.read: it may take 60 s now, no longer 1800 s']],
    [{ returns: z.object({ fans: z.int() }) }, ["acme.read: the result's fan is gone"]],
    [{ settings: z.object({ token: z.string().optional() }) }, ['setting mirror: it is gone']],
    [
      { settings: z.object({ mirror: z.string(), token: z.string().optional(), url: z.string() }) },
      ['setting mirror: it is required now', 'setting url: it is required now'],
    ],
  ])('finds a change %#', (change, found) => {
    expect(breakingChanges(driver(before), driver({ ...before, ...change }))).toEqual(found);
  });
});
