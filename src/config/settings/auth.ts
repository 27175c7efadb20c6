import { z } from 'zod';
import { defaulted, optional } from '../setting.js';
import { items, path } from '../values.js';
import { keystoneSettings } from './keystone.js';

export const STRATEGIES = ['http_basic', 'token', 'keystone', 'certificate'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** Empty for `none`. */
const strategies = z.string().transform((value, context): readonly StrategyName[] => {
  const names = [...new Set(items(value))];
  const known = STRATEGIES.filter((name) => names.includes(name));
  if (names.length > 0 && names.length === known.length) return Object.freeze(known);
  if (names.length === 1 && names[0] === 'none') return [];
  context.addIssue(
    names.includes('none') && names.length === known.length + 1
      ? "must not combine 'none' with others"
      : `must be none, or a comma list of ${STRATEGIES.join(', ')}`,
  );
  return z.NEVER;
});

export const authSettings = {
  auth: defaulted(
    strategies,
    'none',
    'How callers are known, as a comma list: `http_basic` (FERRULE_HTPASSWD), `token` (FERRULE_CALLERS), `keystone` (FERRULE_KEYSTONE_URL) and `certificate` (FERRULE_CALLERS, FERRULE_TLS_CLIENT_CA). `none`: everybody may do everything.',
  ),
  htpasswd: optional(
    path,
    'The file of the users of `http_basic`, with bcrypt hashes, as Ironic has it; `ferrule auth` writes it. Read again when it changes.',
  ),
  callers: optional(
    path,
    'The YAML file of the callers of `token` and `certificate`; `ferrule auth` writes it. Read again when it changes.',
  ),
  ...keystoneSettings,
};
