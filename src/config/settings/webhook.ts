import { z } from 'zod';
import { secret } from '../setting.js';
import { items } from '../values.js';

const PREFIX = 'whsec_';
const SHORTEST = 24;
const LONGEST = 64;

const webhookUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol),
    'must be a URL that starts with http:// or https://',
  )
  .refine(
    (value) => !URL.canParse(value) || new URL(value).username + new URL(value).password === '',
    'must not have a user or a password: the signature shows who sends',
  );

const signingKeys = z.string().transform((value, context): readonly Buffer[] => {
  const texts = items(value).map((item) => (item.startsWith(PREFIX) ? item.slice(PREFIX.length) : ''));
  const all = texts.map((text) => Buffer.from(text, 'base64'));
  const areRight = all.every(
    (key, index) =>
      key.length >= SHORTEST && key.length <= LONGEST && key.toString('base64') === texts[index],
  );
  if (areRight && all.length > 0) return all;
  context.addIssue(
    `must be ${PREFIX} and ${SHORTEST} to ${LONGEST} random bytes in Base64, or several such values in a comma list; \`echo ${PREFIX}$(openssl rand -base64 32)\` makes one`,
  );
  return z.NEVER;
});

export const webhookSettings = {
  webhookUrl: secret(
    webhookUrl,
    'The http or https URL that the end of each job is posted to. Set it for all processes. Without it: none.',
  ),
  webhookSecret: secret(
    signingKeys,
    'The secret that signs what is posted to FERRULE_WEBHOOK_URL, as `echo whsec_$(openssl rand -base64 32)` prints one. With a comma list, each secret signs, so that a receiver can change to another.',
  ),
};

/** @param wrong names of settings whose problems are told already. */
export function webhookProblems(
  config: {
    readonly webhookUrl?: string | undefined;
    readonly webhookSecret?: readonly Buffer[] | undefined;
  },
  wrong: ReadonlySet<string>,
): string[] {
  if (wrong.has('webhookUrl') || wrong.has('webhookSecret')) return [];
  if (config.webhookUrl !== undefined && config.webhookSecret === undefined)
    return ['FERRULE_WEBHOOK_SECRET must be set, since FERRULE_WEBHOOK_URL is'];
  if (config.webhookUrl === undefined && config.webhookSecret !== undefined)
    return ['FERRULE_WEBHOOK_SECRET has no effect without FERRULE_WEBHOOK_URL'];
  return [];
}
