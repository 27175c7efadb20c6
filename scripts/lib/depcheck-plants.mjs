/**
 * One violation for each rule: a small tree of files in which the rule must be seen to fail. What a rule
 * of `.dependency-cruiser.mjs` has no plant here for is an error of the dependency check itself.
 */
const layer = (folder, above) => ({
  [`src/${folder}/below.ts`]: `import { above } from '../${above}/above.js';\nexport const below = above;\n`,
  [`src/${above}/above.ts`]: 'export const above = 1;\n',
});

const lib = (folder) => ({
  [`libs/${folder}/package.json`]: JSON.stringify({
    name: `@ferrule/${folder}`,
    exports: { '.': { source: './src/index.ts', default: './dist/index.js' } },
  }),
  [`libs/${folder}/src/index.ts`]: `export const lib = '${folder}';\n`,
});

const using = (file, name) => ({ [file]: `export * from '${name}';\n` });

export const PLANTS = {
  'layer-config': layer('config', 'database'),
  'layer-logging': layer('logging', 'http'),
  'layer-secrets': layer('secrets', 'nodes'),
  'layer-lifecycle': layer('lifecycle', 'jobs'),
  'layer-database': layer('database', 'nodes'),
  'layer-http': layer('http', 'database'),
  'layer-auth': layer('auth', 'nodes'),
  'layer-openapi': layer('openapi', 'nodes'),
  'layer-health': layer('health', 'passthru'),
  'layer-reservations': layer('reservations', 'drivers'),
  'layer-conductors': layer('conductors', 'reservations'),
  'layer-drivers': layer('drivers', 'reservations'),
  'layer-nodes': layer('nodes', 'jobs'),
  'layer-jobs': layer('jobs', 'passthru'),
  'layer-passthru': layer('passthru', 'cli'),
  'layer-unknown': layer('attic', 'config'),
  'src-knows-only-the-kit': { ...lib('driver-fake'), ...using('src/drivers/a.ts', '@ferrule/driver-fake') },
  'kit-is-a-leaf': {
    ...lib('redfish'),
    ...lib('driver-kit'),
    ...using('libs/driver-kit/src/a.ts', '@ferrule/redfish'),
  },
  'testing-knows-only-the-kit': {
    ...lib('redfish'),
    ...lib('driver-testing'),
    ...using('libs/driver-testing/src/a.ts', '@ferrule/redfish'),
  },
  'drivers-know-kit-and-redfish': {
    ...lib('driver-fake'),
    ...lib('driver-ipmi'),
    ...using('libs/driver-ipmi/src/a.ts', '@ferrule/driver-fake'),
  },
  'redfish-without-nest': { ...lib('redfish'), ...using('libs/redfish/src/a.ts', '@nestjs/common') },
  'no-cycle': {
    'src/nodes/a.ts': "import { b } from './b.js';\nexport const a = (): unknown => b;\n",
    'src/nodes/b.ts': "import { a } from './a.js';\nexport const b = (): unknown => a;\n",
  },
  'not-unresolvable': using('src/nodes/a.ts', './nowhere.js'),
  'no-dev-dependency': using('src/nodes/a.ts', 'jest'),
};
