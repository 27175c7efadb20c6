import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import 'reflect-metadata';

const require = createRequire(import.meta.url);
const { default: circus } = require('jest-circus/runner');

register('./hooks.mjs', import.meta.url);
process.setSourceMapsEnabled(true);

/**
 * Runs a file of tests with Node's own modules: jest's would load the whole service again for each file, which takes
 * longer than most tests do. So the files of a worker share the modules that are no tests.
 */
export default async function runTests(globalConfig, config, environment, _runtime, path, report) {
  // Set by jest, and knows nothing about these modules.
  delete Error.prepareStackTrace;
  globalThis.console = environment.global.console;
  globalThis.jest ??= jestObject(config, environment);
  const { env, exit } = process;
  const before = { ...env };
  process.exit = (code) => {
    throw new Error(`A test called process.exit(${code ?? ''}).`);
  };
  // Else a rejection that nobody handles may end the worker after the file's last test.
  const waiting = { ...globalConfig, waitForUnhandledRejections: true };
  try {
    const run = circus(waiting, config, { global: {} }, runtime, path, report);
    // Not awaited here, or jest would show this line for errors that have no other.
    return await new Promise((resolve, reject) =>
      run.then(
        (result) => resolve(result),
        (error) => reject(error),
      ),
    );
  } finally {
    process.exit = exit;
    globalThis.jest.useRealTimers();
    globalThis.jest.restoreAllMocks();
    process.env = env;
    for (const name of Object.keys(env)) if (!(name in before)) delete env[name];
    Object.assign(env, before);
  }
}

let loaded = 0;

/** What circus asks of jest's runtime. */
const runtime = {
  requireInternalModule: (file) => {
    delete require.cache[file];
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    return require(file);
  },
  requireModule: require,
  // `describe`, `it` and the others, of the file that runs.
  setGlobalsForRuntime: (globals) => Object.assign(globalThis, globals),
  enterTestCode: () => {},
  leaveTestCode: () => {},
  unstable_shouldLoadAsEsm: () => true,
  // Another address for a file that is run again.
  unstable_importModule: (path) => import(`${pathToFileURL(path)}?${loaded++}`),
};

/** The part of jest's object that needs none of its modules. */
function jestObject(config, { fakeTimersModern, moduleMocker }) {
  const timers = new fakeTimersModern.constructor({ config, global: globalThis });
  const mocker = new moduleMocker.constructor(globalThis);
  return {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    useFakeTimers: (options) => timers.useFakeTimers(options),
    useRealTimers: () => timers.useRealTimers(),
    setSystemTime: (now) => timers.setSystemTime(now),
    getTimerCount: () => timers.getTimerCount(),
    advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
    advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
  };
}
