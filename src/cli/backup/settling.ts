import { type Config } from '../../config/config.js';
import { type RestoreOptions } from '../../database/transitions/settle-restored.js';
import { keysText, missingKeys } from '../../keys/assert-keys.js';
import { type KeysInUse } from '../../keys/key-register.js';
import { KeyRing } from '../../secrets/at-rest/key-ring.js';
import { counted } from '../../text/counted.js';
import { type Output } from '../output.js';

const ENDED =
  'The job was open when the backup was made, from which the database was restored; whether its method ran is ' +
  'unknown, and it is not run again.';

/** What `ferrule restore` was asked for. */
export interface SettlingOptions {
  readonly keepQueued?: boolean;
  readonly timeout: string;
}

export async function settlingOf(
  { audit }: Pick<Config, 'audit'>,
  { keepQueued = false }: SettlingOptions,
): Promise<RestoreOptions> {
  const { LAST_ERROR } = await import('../../jobs/record/job.js');
  return { keepQueued, message: ENDED, lastError: LAST_ERROR, audit };
}

/** @param ended how many jobs. */
export function tellSettled(
  ended: number,
  inUse: KeysInUse,
  { secretsKey }: Pick<Config, 'secretsKey'>,
  out: Output,
): void {
  if (ended > 0)
    out.print(`${counted(ended, 'job')} that ${ended === 1 ? 'was' : 'were'} open ended as outcome-unknown.`);
  if (inUse.ids.length > 0) out.print(`Its secrets are encrypted with ${keysText(inUse.ids)}.`);
  const missing = missingKeys(inUse, new KeyRing(secretsKey ?? []));
  if (missing !== undefined) {
    out.complain(
      `${missing} Without it the service does not start on this database; look for it while you have the old machine.`,
    );
  }
  out.complain(
    'Start the service here only when that on the machine of the backup is stopped for good: two would use the same BMCs.',
  );
}
