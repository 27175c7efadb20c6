import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedServer } from '../../database/embedded/embedded-server.js';
import { createLogger } from '../../logging/logger.js';
import { type Output } from '../output.js';
import { nextSignal } from '../signals.js';
import { watchBuilds } from './builds.js';
import { changeOfTypes, type DriverFolder, readDriverFolder, writeApplication } from './driver-folder.js';
import { Restarts } from './restarts.js';
import { temporaryFolder } from './temporary-folder.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/ferrule.mjs', import.meta.url));

/**
 * Builds the driver package in a folder, serves only its hardware types on a database that is deleted at the end, and
 * restarts the service after each build. Runs until a signal. @returns the exit code.
 */
export async function dev(env: NodeJS.ProcessEnv, folder: string, out: Output): Promise<number> {
  const driver = readDriverFolder(folder);
  out.print(`${driver.isTypeScript ? 'Building' : 'Starting'} ${driver.name} …`);
  const asked = nextSignal();
  const temporary = await temporaryFolder();
  const dataDir = join(temporary, 'data');
  const database = new EmbeddedServer(dataDir, createLogger('warn'));
  const application = writeApplication(temporary, driver);
  const service = { program: PROGRAM, env: environmentOf(env, driver, { dataDir, application }) };
  const restarts = new Restarts(service, out);
  let builds: ReturnType<typeof watchBuilds> | undefined;
  try {
    // This process stays a member, so that the database goes on while the service restarts.
    const joined = database.join();
    joined.catch(() => {});
    const broken = new Promise<string>((resolve) => {
      builds = watchBuilds(driver, {
        built: () => {
          const change = changeOfTypes(driver);
          if (change !== undefined) out.complain(change);
          void joined.then(
            () => restarts.request(),
            (error: unknown) => resolve(String(error)),
          );
        },
        failed: () => out.complain('Not built; the service goes on as it was.'),
        said: (line) => out.complain(line),
        ended: resolve,
      });
    });
    const reason = await Promise.race([asked, broken]);
    out.complain(`${reason}: stopping.`);
    return reason.startsWith('SIG') ? 0 : 1;
  } finally {
    await builds?.close();
    await restarts.close();
    await database.abandon();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Settings of the user's environment that do not count, also as `…_FILE`. */
const REPLACED = [
  'FERRULE_DATABASE_URL',
  'FERRULE_REDIS_URL',
  'FERRULE_DATA_DIR',
  'FERRULE_DRIVER_ROOT',
  'FERRULE_ENABLED_HARDWARE_TYPES',
];

function environmentOf(
  env: NodeJS.ProcessEnv,
  driver: DriverFolder,
  folders: { readonly dataDir: string; readonly application: string },
): NodeJS.ProcessEnv {
  const replaced = new Set(REPLACED.flatMap((name) => [name, `${name}_FILE`]));
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !replaced.has(name)));
  return {
    FERRULE_LOG_LEVEL: 'warn',
    FERRULE_SHUTDOWN_TIMEOUT: '2',
    ...kept,
    FERRULE_DATA_DIR: folders.dataDir,
    FERRULE_DRIVER_ROOT: folders.application,
    FERRULE_ENABLED_HARDWARE_TYPES: driver.hardwareTypes.join(','),
  };
}
