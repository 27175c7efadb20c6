import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Suite = (title: string, body: () => void) => void;

/** With `FERRULE_TEST_REQUIRE=all`, as CI sets it, nothing may be missing. */
const isAllRequired = process.env['FERRULE_TEST_REQUIRE'] === 'all';

/** Whether a program can be run by its name. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * `describe` for tests that need programs of the system. Where one is missing they are skipped, and
 * the reason stands in their title and so in the summary; where all are required they fail.
 */
export function describeWithProgram(...names: string[]): Suite {
  const missing = names.filter((name) => !hasProgram(name));
  return describeWhere(missing.length === 0, `not installed: ${missing.join(', ')}`);
}

/** The same for anything else that a machine has or lacks; `reason` says what it lacks. */
export function describeWhere(isThere: boolean, reason: string): Suite {
  if (isThere) return describe;
  return (title, body) => {
    if (!isAllRequired) return describe.skip(`${title} [skipped: ${reason}]`, body);
    describe(title, () => {
      beforeAll(() => {
        throw new Error(`FERRULE_TEST_REQUIRE=all, and ${reason}`);
      });
      body();
    });
  };
}

/** For what no machine is blamed for lacking, not being root for example: skipped even where all is required. */
export function describeOnlyWhere(applies: boolean, reason: string): Suite {
  return applies ? describe : (title, body) => describe.skip(`${title} [skipped: ${reason}]`, body);
}
