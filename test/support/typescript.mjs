// `node --conditions=source --import ./test/support/typescript.mjs file.ts` runs TypeScript sources without a build,
// so that child processes of tests are never out of date.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
