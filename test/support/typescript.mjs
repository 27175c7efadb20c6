// `node --conditions=source --import ./test/support/typescript.mjs file.ts` runs the sources as they
// stand, without a build: a test's child process is never an older version than the test.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
