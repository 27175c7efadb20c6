import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Suite = (title: string, body: () => void) => void;

/** `describe` of the file that runs: modules like this one are shared by several. */
const described: Suite = (title, body) => describe(title, body);

/** In CI no test may be skipped for a missing program. */
const isAllRequired = process.env['FERRULE_TEST_REQUIRE'] === 'all';

export function hasProgram(name: string): boolean {
  return pathOf(name) !== undefined;
}

export function pathOf(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without the programs the tests are skipped with the reason in their title, or fail if all are required. */
export function describeWithProgram(...names: string[]): Suite {
  const missing = names.filter((name) => !hasProgram(name));
  return describeWhere(missing.length === 0, `not installed: ${missing.join(', ')}`);
}

/** `reason` says what is missing. */
export function describeWhere(isThere: boolean, reason: string): Suite {
  if (isThere) return described;
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

/** Always skipped if not met, for example by root. */
export function describeOnlyWhere(applies: boolean, reason: string): Suite {
  return applies ? described : (title, body) => describe.skip(`${title} [skipped: ${reason}]`, body);
}
