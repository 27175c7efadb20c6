import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleTrees } from '@ferrule/bmc-simulator';

const FOLDER = resolve(
  dirname(fileURLToPath(import.meta.url)),
  join('..', '..', '..', '..', 'shared', 'redfish-samples'),
);

/** Folders with recorded answers of real BMCs beside the checkout; empty if there are none. */
export const samples: readonly { readonly name: string; readonly tree: string }[] = sampleTrees(FOLDER).map(
  (tree) => ({ name: relative(FOLDER, tree), tree }),
);

export const WITHOUT_SAMPLES = 'there is no folder ../shared/redfish-samples beside the checkout';
