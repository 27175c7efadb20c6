import { keystoneAccess } from '../../../auth/strategies/keystone/open-keystone.js';
import { type Config } from '../../../config/config.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { withLimit } from '../../../waiting/with-limit.js';
import { type Finding, ok, problem } from '../finding.js';

const LIMIT_MS = 15_000;

/** Whether it gives the service a token of its own, with which it asks about those of its callers. */
export async function checkKeystone(config: Config): Promise<Finding[]> {
  if (!config.auth.includes('keystone')) return [];
  const access = keystoneAccess(config, []);
  // The check of the settings says what is missing.
  if (access === undefined) return [];
  try {
    await withLimit(access.own.get(), LIMIT_MS, `no answer within ${LIMIT_MS / 1_000} s`);
    return [ok(`Keystone at ${access.url} answers, and knows the service.`)];
  } catch (error) {
    return [
      problem(
        `Keystone at ${access.url} gives the service no token: ${reasonOf(error)}.`,
        'Start it, or correct FERRULE_KEYSTONE_…; until then unknown tokens are answered 503.',
      ),
    ];
  }
}
