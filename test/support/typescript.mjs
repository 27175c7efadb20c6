// `node --conditions=source --import ./test/support/typescript.mjs file.ts` runs sources without a build.
import { register } from 'node:module';

// Node.js 26 deprecates it; its successor is not in Node.js 20.
const { noDeprecation } = process;
process.noDeprecation = true;
register('./typescript-hooks.mjs', import.meta.url);
process.noDeprecation = noDeprecation;
