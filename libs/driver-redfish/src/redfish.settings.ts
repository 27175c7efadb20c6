import { resolve } from 'node:path';
import { Settings } from '@ferrule/driver-kit';
import { parseNetworks } from '@ferrule/redfish';
import { z } from 'zod';
import { CaDirectory } from './ca-directory.js';
import { parseAliases } from './origin-aliases.js';
import { RequestAllowList } from './request-allow-list.js';

const schema = z.object({
  caDir: z
    .string()
    .transform((path) => resolve(path))
    .optional()
    .describe('The only folder whose files `redfish_verify_ca` of a node may name.'),
  verifyCa: z
    .string()
    .default('true')
    .describe(
      '`redfish_verify_ca` of nodes without it: `true`, `false`, or a file or folder below the CA folder.',
    ),
  authType: z
    .enum(['auto', 'session', 'basic'])
    .default('auto')
    .describe('`redfish_auth_type` of nodes without it.'),
  connectTimeout: whole(1, 600)
    .prefault('5')
    .describe('Seconds to connect to a BMC. A node may have `redfish_connect_timeout`.'),
  responseTimeout: whole(1, 3_600)
    .prefault('60')
    .describe('Seconds to wait for an answer of a BMC. A node may have `redfish_response_timeout`.'),
  callTimeout: whole(1, 3_600)
    .prefault('120')
    .describe(
      'Seconds for one request with waiting, login and retries. A node may have `redfish_call_timeout`.',
    ),
  taskTimeout: whole(1, 86_400)
    .prefault('1800')
    .describe('Seconds to follow a task of a BMC. A node may have `redfish_task_timeout`.'),
  attempts: whole(1, 20)
    .prefault('5')
    .describe('How often a request is sent at most if it fails. A node may have `redfish_attempts`.'),
  sockets: whole(1, 8)
    .prefault('2')
    .describe('Concurrent requests to one BMC. A node may have `redfish_sockets`.'),
  aliases: parsed(parseAliases)
    .prefault('')
    .describe(
      'Origins that BMCs behind NAT use in their links: `https://10.9.8.7=https://192.168.0.120, …`.',
    ),
  imageNetworks: parsed(parseNetworks)
    .prefault('')
    .describe(
      'Networks, as CIDR, from which `update_firmware` with `upload` fetches images: `10.2.0.0/16, …`. Unset: none.',
    ),
  requestAllow: parsed((text) => RequestAllowList.parse(text))
    .prefault('GET /redfish/v1/*')
    .describe(
      'What `redfish_request` may send, for example `GET /redfish/v1/*, PATCH /redfish/v1/Systems/*`.',
    ),
});

const WORDS = /^(?:true|false)$/i;

export class RedfishSettings extends Settings(
  schema.check(({ value: { verifyCa, caDir }, issues }) => {
    const isKnown = WORDS.test(verifyCa) || (caDir !== undefined && new CaDirectory(caDir).pem(verifyCa));
    if (isKnown) return;
    const message = 'must be true, false, or a file or folder of certificates below FERRULE_REDFISH_CA_DIR';
    issues.push({ code: 'custom', message, path: ['verifyCa'], input: verifyCa });
  }),
) {
  warnings(): string[] {
    if (this.verifyCa.toLowerCase() !== 'false') return [];
    return [
      'FERRULE_REDFISH_VERIFY_CA=false: certificates of BMCs are not checked, so passwords go to whoever answers at their ' +
        'addresses. Set it to a file of their authorities, or redfish_verify_ca of the nodes that need it.',
    ];
  }
}

function whole(least: number, most: number) {
  return parsed((text): number => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new TypeError(`must be a whole number from ${least} to ${most}`);
  });
}

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
