import { DriverModule, HardwareType, Passthru, Settings, VendorInterface } from '@ferrule/driver-kit';
import { z } from 'zod';
import { subjectOf } from '../subject/subject.js';
import { breakingChanges } from './breaking-changes.js';

interface Version {
  readonly returns: z.ZodType;
  readonly timeout: '1m' | '30m';
  readonly settings: z.ZodObject;
  readonly driverInfo?: z.ZodObject;
  readonly isOtherFirst?: boolean;
}

function driver(version: Version) {
  @VendorInterface({ name: 'acme' })
  class AcmeVendor {
    @Passthru({ http: ['GET'], description: 'Read.', returns: version.returns, timeout: version.timeout })
    read(): unknown {
      return undefined;
    }
  }
  @VendorInterface({ name: 'other' })
  class OtherVendor {}
  @HardwareType({
    name: 'acme',
    description: 'Racks',
    ...(version.driverInfo && { driverInfo: version.driverInfo }),
    interfaces: {
      vendor: version.isOtherFirst === true ? [OtherVendor, AcmeVendor] : [AcmeVendor, OtherVendor],
    },
  })
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
    driverInfo: z.object({ acme_port: z.string().optional(), acme_mode: z.enum(['a', 'b']).optional() }),
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
    [
      {
        driverInfo: z.object({
          acme_port: z.boolean().optional(),
          acme_mode: z.enum(['a']),
          acme_user: z.string(),
        }),
      },
      [
        'acme: driver_info acme_port may no longer be of type string',
        'acme: driver_info acme_mode may no longer be "b"',
        'acme: driver_info acme_mode is required now',
        'acme: driver_info acme_user is required now',
      ],
    ],
    [{ isOtherFirst: true }, ['acme: the default vendor interface is other now, no longer acme']],
  ])('finds a change %#', (change, found) => {
    expect(breakingChanges(driver(before), driver({ ...before, ...change }))).toEqual(found);
  });
});
