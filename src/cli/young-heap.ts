import { setFlagsFromString } from 'node:v8';

/** What starts the process keeps V8's heap for young objects small until then. */
export function letYoungHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
