import { Logger } from '@nestjs/common';
import { type Config } from '../../config/config.js';
import { FileProblem, type Watched, WatchedFile } from '../../files/watched-file.js';
import { type Catalogue } from './rules/catalogue.js';
import { Policy } from './policy.js';
import { type Rules } from './rules/rules.js';

/** How long a change of the rules may go unnoticed. */
const INTERVAL_MS = 50;

export interface OpenedPolicy {
  readonly policy: Policy;
  readonly files: readonly Watched[];
  /** Why the service cannot start with it. */
  readonly problems: readonly string[];
}

/**
 * @param settings without a file Ironic's defaults decide alone.
 * @param catalogue the methods of the enabled drivers.
 */
export async function openPolicy(
  { policy: path, serviceProject }: Pick<Config, 'policy' | 'serviceProject'>,
  catalogue: () => Catalogue,
): Promise<OpenedPolicy> {
  if (path === undefined) return { policy: Policy.defaults(serviceProject), files: [], problems: [] };
  const { rulesIn } = await import('./rules/rule-file.js');
  const known = catalogue();
  const logger = new Logger('Policy');
  let file: WatchedFile<Rules>;
  try {
    file = new WatchedFile({
      path,
      parse: (text) => rulesIn(text, known, serviceProject),
      interval: INTERVAL_MS,
    });
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return {
      policy: Policy.defaults(serviceProject),
      files: [],
      problems: error.problems.map((problem) => `FERRULE_POLICY: ${problem}`),
    };
  }
  file.onProblem = (problem) => logger.error(problem);
  file.onChange = ({ list }) =>
    logger.log(
      `The file of FERRULE_POLICY was read again; it has ${list.length === 1 ? '1 rule' : `${list.length} rules`}.`,
    );
  return { policy: new Policy(() => file.current), files: [file], problems: [] };
}
