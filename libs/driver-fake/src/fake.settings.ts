import { Settings } from '@ferrule/driver-kit';
import { z } from 'zod';

/** The settings `FERRULE_FAKE_…`. */
export class FakeSettings extends Settings(
  z.object({
    site: z
      .string()
      .max(64, 'must have at most 64 characters')
      .default('nowhere')
      .describe(
        'The location of the fake hardware, which the method `driver_info` of `fake-options` returns.',
      ),
  }),
) {}
