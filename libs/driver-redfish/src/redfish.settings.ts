import { resolve } from 'node:path';
import { Settings } from '@ferrule/driver-kit';
import { z } from 'zod';
import { parseAliases } from './origin-aliases.js';
import { RequestAllowList } from './request-allow-list.js';

export class RedfishSettings extends Settings(
  z.object({
    caDir: z
      .string()
      .transform((path) => resolve(path))
      .optional()
      .describe('The only folder whose files `redfish_verify_ca` of a node may name.'),
    aliases: parsed(parseAliases)
      .prefault('')
      .describe(
        'Origins that BMCs behind NAT use in their links: `https://10.9.8.7=https://192.168.0.120, …`.',
      ),
    requestAllow: parsed((text) => RequestAllowList.parse(text))
      .prefault('GET /redfish/v1/*')
      .describe(
        'What `redfish_request` may send, for example `GET /redfish/v1/*, PATCH /redfish/v1/Systems/*`.',
      ),
  }),
) {}

function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}
