import { z } from 'zod';
import { flag, optionalFlag } from '../flag.args.js';

/** The others, such as SNMPv2c and SyslogTLS, have other schemes. */
const HTTP_PROTOCOLS = ['Redfish', 'OEM'];
const NO_HEADERS = 'HttpHeaders is not a list of headers';
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Ironic's messages, which clients may match. A value is quoted only if it cannot be a secret. */
const isNot = (what: string) => ({
  error: ({
    input,
    path,
  }: {
    readonly input?: unknown;
    readonly path?: readonly PropertyKey[] | undefined;
  }) => `${String(path?.[0] ?? '')} ${shown(input)} ${what}`.trimStart(),
});

const Header = z
  .record(z.string(), z.string().regex(/^[^\r\n\0]*$/, `${NO_HEADERS}: a value is wrong`))
  .refine((header) => Object.keys(header).every((name) => HEADER_NAME.test(name)), {
    error: `${NO_HEADERS}: a name is wrong`,
  });

/** Loose because Ironic accepts and ignores further arguments. */
export const CreateSubscriptionArgs = z.looseObject({
  Destination: z
    .string(isNot('is not a valid URI'))
    .refine(isDestination, isNot('is not a valid URI'))
    .describe('The http or https URI that the BMC sends its events to; without user name and password.'),
  Protocol: z
    .string(isNot('is not a string'))
    .refine((protocol) => HTTP_PROTOCOLS.includes(protocol), {
      error: ({ input }) =>
        `Protocol ${shown(input)} does not fit a Destination of http or https; that has ${HTTP_PROTOCOLS.join(' or ')}`,
    })
    .default('Redfish')
    .describe('How events are sent: Redfish, or OEM for a way of the vendor.'),
  Context: z
    .string(isNot('is not a valid string'))
    .default('')
    .describe('A text that the BMC sends with every event.'),
  EventTypes: z
    .array(z.string(), isNot('is not a valid value'))
    .optional()
    .describe('The EventTypes to send, for BMCs that support EventTypes.'),
  HttpHeaders: z
    .array(Header, NO_HEADERS)
    .optional()
    .meta({ writeOnly: true })
    .describe('Headers for the requests that carry the events, each an object of names and values.'),
});

const RETRY_POLICIES = ['TerminateAfterRetries', 'SuspendRetries', 'RetryForever', 'RetryForeverWithBackoff'];

const Texts = z.array(z.string(), isNot('is not a list of strings'));

/**
 * The arguments of Ironic and further properties, which the BMC may not have. Others are refused: no client of Ironic
 * calls this.
 */
export const ExtendedSubscriptionArgs = CreateSubscriptionArgs.extend({
  RegistryPrefixes: Texts.optional().describe('The message registries whose events to send.'),
  ResourceTypes: Texts.optional().describe('The types of resources whose events to send.'),
  MessageIds: Texts.optional().describe('The messages to send, as Registry.MessageKey.'),
  DeliveryRetryPolicy: z
    .string(isNot('is not a string'))
    .refine((policy) => RETRY_POLICIES.includes(policy), {
      error: ({ input }) =>
        `DeliveryRetryPolicy ${shown(input)} is not a valid value: it may be ${RETRY_POLICIES.join(', ')}`,
    })
    .optional()
    .describe('What the BMC does after failed deliveries.'),
  VerifyCertificate: optionalFlag().describe('Whether the BMC checks the certificate of the Destination.'),
}).strict();

export type ExtendedSubscriptionArgs = z.output<typeof ExtendedSubscriptionArgs>;

const NO_ID = "id can't be None";

/** Command line clients turn digits into numbers. */
const SubscriptionId = z
  .preprocess(
    (id) => (Number.isSafeInteger(id) ? String(id) : id),
    z
      .string({ error: ({ input }) => (input === null ? NO_ID : 'it must be a string') })
      .min(1, NO_ID)
      .refine(isSegment, 'it is not the Id of a subscription'),
  )
  .meta({ type: 'string' })
  .describe('The Id of the subscription on the BMC.');

export const SubscriptionIdArgs = z.looseObject({ id: SubscriptionId });

export const ListSubscriptionsArgs = z.looseObject({
  expand: flag(false).describe('Whether to return the fields of the subscriptions instead of links.'),
});

function isDestination(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#\\]/i.test(text) || /\s/.test(text) || !URL.canParse(text)) return false;
  const { username, password, hostname } = new URL(text);
  // Everyone who can read the BMC can read a Destination, so credentials in it are refused.
  return username === '' && password === '' && hostname !== '';
}

/** `%` is refused because some BMCs decode a path twice. */
function isSegment(id: string): boolean {
  return !/[/\\?#%\p{Cc}\p{Surrogate}]/u.test(id) && !/^\.+$/.test(id);
}

function shown(input: unknown): string {
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? String(input));
  const bare = text.replace(/\/\/[^/?#@\s]*@/, '//***@');
  return bare.length > 200 ? `${bare.slice(0, 200)}…` : bare;
}
