import { type Config } from '../config/config.js';
import { authoritiesIn } from '../http/tls/authorities.js';

/** Of the certificates of other conductors. Undefined: those of Node. */
export function conductorAuthorities({ conductorCa: path }: Pick<Config, 'conductorCa'>): {
  readonly ca: string | undefined;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const ca = path === undefined ? undefined : authoritiesIn(path, 'FERRULE_CONDUCTOR_CA', problems);
  return { ca, problems };
}
