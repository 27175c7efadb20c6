/** The functions of a test runner that the conformance kit uses. */
export interface Runner {
  describe(name: string, body: () => void): void;
  /** @param limit milliseconds */
  it(name: string, body: () => Promise<void>, limit: number): void;
  skip(name: string): void;
  afterAll(body: () => Promise<void>, limit: number): void;
}

type Body = () => void | Promise<void>;
type Define = (name: string, body: Body, limit?: number) => unknown;

/** What jest, vitest and Jasmine have in common. */
interface Globals {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: Define & { readonly skip: Define };
  readonly afterAll: (body: Body, limit?: number) => unknown;
}

/** jest, also without its globals, vitest, or else the runner of Node. */
export const runner: Runner = await detected();

async function detected(): Promise<Runner> {
  const globals: unknown = globalThis;
  if (isJestLike(globals)) return jestLike(globals);
  for (const [variable, name] of [
    ['JEST_WORKER_ID', '@jest/globals'],
    ['VITEST', 'vitest'],
  ] as const) {
    const found = process.env[variable] === undefined ? undefined : await running(name);
    if (isJestLike(found)) return jestLike(found);
  }
  return nodes();
}

/** A process that a test starts has the variables of the runner, too, and is not run by it. */
async function running(name: string): Promise<unknown> {
  try {
    const found: unknown = await import(name);
    // Unlike that of jest, the module of vitest can be imported anywhere; this member throws outside of its tests.
    if (isVitest(found)) found.inject('ferrule');
    return found;
  } catch {
    return undefined;
  }
}

function isVitest(found: unknown): found is { inject(key: string): unknown } {
  return (
    typeof found === 'object' && found !== null && 'inject' in found && typeof found.inject === 'function'
  );
}

function isJestLike(value: unknown): value is Globals {
  if (value === undefined) return false;
  const members = ['describe', 'it', 'afterAll'];
  return members.every((name) => typeof Reflect.get(value as object, name) === 'function');
}

/** Each file of tests may have other functions, although it shares this module with the one before. */
function jestLike(globals: Globals): Runner {
  return {
    describe: (name, body) => void globals.describe(name, body),
    it: (name, body, limit) => void globals.it(name, body, limit),
    skip: (name) => void globals.it.skip(name, () => {}),
    afterAll: (body, limit) => void globals.afterAll(body, limit),
  };
}

async function nodes(): Promise<Runner> {
  const { describe, it, after } = await import('node:test');
  return {
    describe: (name, body) => void describe(name, body),
    it: (name, body, timeout) => void it(name, { timeout }, body),
    skip: (name) => void it(name, { skip: true }),
    afterAll: (body, timeout) => after(body, { timeout }),
  };
}
