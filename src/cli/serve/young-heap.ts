import { setFlagsFromString } from 'node:v8';

/** `bin/ferrule.mjs` and `scripts/start.mjs` keep V8's heap for young objects small until then. */
export function letYoungHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
