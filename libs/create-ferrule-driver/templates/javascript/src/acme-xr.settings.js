import { Settings } from '@ferrule/driver-kit';
import { z } from 'zod';

/** Settings of this package; `mirrorUrl` is read from FERRULE_ACME_XR_MIRROR_URL. */
export class AcmeXrSettings extends Settings(
  z.object({
    mirrorUrl: z
      .url({ protocol: /^https$/, error: 'must be an https URL' })
      .default('https://firmware.example')
      .describe('Where firmware is fetched from.'),
  }),
) {}
