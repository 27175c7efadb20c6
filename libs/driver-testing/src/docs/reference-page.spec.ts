import {
  DriverModule,
  DriverPassthru,
  HardwareType,
  NoVendor,
  Passthru,
  Periodic,
  Settings,
  SharedModule,
  VendorInterface,
} from '@ferrule/driver-kit';
import { z } from 'zod';
import { subjectOf } from '../subject/subject.js';
import { referencePage } from './reference-page.js';
import { valueText } from './value-text.js';
import { schemaOf } from '../arguments/json-schema.js';

class AcmeSettings extends Settings(
  z.object({
    mirrorUrl: z.url().default('https://firmware.example').describe('Where firmware is fetched from.'),
    token: z.string().optional().meta({ description: 'Token for the mirror', writeOnly: true }),
  }),
) {}

const FlashArgs = z.object({
  image: z.url().describe('Where the BMC fetches the image.'),
  retries: z.int().min(0).max(5).default(2).describe('How often it tries again.'),
  account: z
    .object({ password: z.string().meta({ description: 'Its password.', writeOnly: true }) })
    .optional(),
});

@VendorInterface({ name: 'acme' })
class AcmeVendor {
  @Passthru({
    http: ['POST', 'PUT'],
    args: FlashArgs,
    returns: z.object({ version: z.string().describe('What runs now') }),
    effect: 'disruptive',
    since: '1.2.0',
    deprecated: 'Use update',
    timeout: '90m',
    description: 'Flash firmware',
  })
  flashFirmware() {
    return { version: '1' };
  }

  @DriverPassthru({ http: ['GET'], async: false, args: z.looseObject({}), description: 'List it.' })
  catalogue() {
    return {};
  }
}

@VendorInterface({ name: 'acme-2' })
class SecondVendor extends AcmeVendor {
  @Passthru({ http: ['GET'], async: false, lock: 'shared', description: 'Show the status | of all.' })
  status() {
    return {};
  }

  @Periodic({ every: '5m', scope: 'node', lock: 'shared', description: 'Read the health' })
  readHealth() {}
}

class PoolSettings extends Settings(z.object({ size: z.string().optional().describe('Connections') })) {}
@SharedModule({ package: 'driver-pool', settings: PoolSettings, providers: [] })
class PoolModule {}

const AcmeInfo = z.object({ acme_address: z.string().describe('Address of the BMC.') });

@HardwareType({
  name: 'acme-xr',
  description: 'ACME XR servers',
  driverInfo: AcmeInfo,
  interfaces: { vendor: [AcmeVendor, SecondVendor, NoVendor] },
})
class AcmeXr {}

@HardwareType({ name: 'acme-xs', driverInfo: AcmeInfo, interfaces: { vendor: [SecondVendor] } })
class AcmeXs {}

@DriverModule({ kit: 1, hardwareTypes: [AcmeXr, AcmeXs], settings: AcmeSettings, imports: [PoolModule] })
class AcmeDriver {}

const page = () =>
  referencePage({ name: '@acme/ferrule-driver-x', description: 'ACME' }, [subjectOf(AcmeDriver)]);

describe('the reference page of a driver', () => {
  it('has its hardware types, with their driver_info once', () => {
    expect(page()).toContain(`# Reference of @acme/ferrule-driver-x

ACME.

\`npx ferrule-check docs\` writes this page from the code.

## Hardware type \`acme-xr\`

ACME XR servers.

Vendor interfaces, the default first: \`acme\`, \`acme-2\`, \`no-vendor\`.

| driver_info | value | default | meaning |
| --- | --- | --- | --- |
| \`acme_address\` | text | required | Address of the BMC. |

## Hardware type \`acme-xs\`

Vendor interfaces, the default first: \`acme-2\`.

Its driver_info is that of \`acme-xr\`.
`);
  });

  it('has every method with its arguments, result and limits', () => {
    expect(page()).toContain(`### \`flash_firmware\`

Flash firmware.

**Deprecated:** Use update.

POST or PUT; exclusive lock; asynchronous: 202 and a job; effect \`disruptive\`; at most 90 minutes; since 1.2.0.

| argument | value | default | meaning |
| --- | --- | --- | --- |
| \`image\` | text (uri) | required | Where the BMC fetches the image. |
| \`retries\` | integer, 0 to 5 | \`2\` | How often it tries again. |
| \`account\` | object |  |  |
| \`account.password\` | text | required | Its password. Secret. |

Result: object.

| member | value | meaning |
| --- | --- | --- |
| \`version\` | text | What runs now. |

### \`catalogue\`

List it.

GET; driver-level, without a node; synchronous; effect \`read\`; at most 1 minute.

Unknown arguments are accepted.
`);
  });

  it('does not repeat inherited methods', () => {
    const [, second = ''] = page().split('## Vendor interface `acme-2`\n\n');
    expect(second).toMatch(/^It has these methods of `acme`: `flash_firmware`, `catalogue`\.\n/);
    expect(second).toContain('| `status` | GET | JSON | shared | read |');
    expect(second).not.toContain('### `flash_firmware`');
  });

  it('has the settings, but no value of a secret', () => {
    expect(page())
      .toContain(`| \`FERRULE_X_MIRROR_URL\` | \`https://firmware.example\` | Where firmware is fetched from. |
| \`FERRULE_X_TOKEN\` |  | Token for the mirror. Never printed. |
| \`FERRULE_POOL_SIZE\` |  | Connections. |`);
  });

  it('has the methods that the service calls by itself', () => {
    expect(page()).toContain(`| periodic method | every | for | lock | meaning |
| --- | --- | --- | --- | --- |
| \`read_health\` | 5m | each node | shared | Read the health. |`);
  });
});

describe('valueText', () => {
  it.each<[string, z.ZodType]>([
    ['text', z.string()],
    ['text, not empty', z.string().min(1)],
    ['text, 3 characters', z.string().length(3)],
    ['text, at most 5 characters', z.string().max(5)],
    ['text, like `^a`', z.string().regex(/^a/)],
    ['integer', z.int()],
    ['integer, at least 2', z.int().min(2)],
    ['number, more than 0', z.number().positive()],
    ['`true` or `false`', z.boolean()],
    ['`a`, `b`', z.enum(['a', 'b'])],
    ['text, or `null`', z.string().nullable()],
    ['list of integer, not empty', z.array(z.int()).min(1)],
    ['list of any JSON', z.array(z.json())],
    ['object', z.record(z.string(), z.string())],
    ['any JSON', z.json()],
    ['', z.unknown()],
  ])('is %j', (text, type) => {
    const { properties = {}, ...root } = schemaOf(z.object({ type }));
    expect(valueText(properties['type'] ?? {}, root)).toBe(text);
  });
});
