import { reasonOf } from '../../logging/reason-of.js';
import { withLimit } from '../../waiting/with-limit.js';
import { type Finding, problem } from './finding.js';

export interface Check {
  readonly name: string;
  /** Changes nothing. What it waits for has a limit of its own, or is given up with the check. */
  readonly run: () => Promise<readonly Finding[]>;
}

export interface CheckedFinding extends Finding {
  readonly check: string;
}

/** All checks at the same time; one that fails or hangs is a problem of its own and hides no other. */
export async function runChecks(checks: readonly Check[], limit: number): Promise<CheckedFinding[]> {
  const results = await Promise.all(
    checks.map(async ({ name, run }) => {
      const found = await findings(run, limit);
      return found.map((finding) => ({ check: name, ...finding }));
    }),
  );
  return results.flat();
}

async function findings(run: Check['run'], limit: number): Promise<readonly Finding[]> {
  const late = new Error(`it took longer than ${limit / 1_000} s`);
  try {
    return await withLimit(Promise.resolve().then(run), limit, late);
  } catch (error) {
    return [problem(`The check did not end: ${reasonOf(error)}.`, 'Mend what it names, and check again.')];
  }
}
