/** One violation per rule of `.dependency-cruiser.mjs`: a small tree of files on which the rule must fail. */
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

const wing = (place, folder, above) => ({
  [`${place}/${folder}/below.ts`]: `import { above } from '../${above}/above.js';\nexport const below = above;\n`,
  [`${place}/${above}/above.ts`]: 'export const above = 1;\n',
});

const common = (place, folder) => ({
  [`${place}/common.ts`]: `export * from './${folder}/a.js';\n`,
  [`${place}/${folder}/a.ts`]: 'export const a = 1;\n',
});

const POLICY = 'src/auth/policy';
const JOBS = 'src/jobs';
const PASSTHRU = 'src/passthru';
const FLEET = 'src/fleet';
const KIT = 'libs/driver-kit/src';
const REDFISH = 'libs/redfish/src';
const DRIVER = 'libs/driver-redfish/src';
const TESTING = 'libs/driver-testing/src';
const BMC = 'libs/bmc-simulator/src';

export const PLANTS = {
  'layer-text': layer('text', 'json'),
  'layer-json': layer('json', 'http'),
  'layer-files': layer('files', 'config'),
  'layer-config': layer('config', 'database'),
  'layer-logging': layer('logging', 'http'),
  'layer-secrets': layer('secrets', 'nodes'),
  'layer-waiting': layer('waiting', 'logging'),
  'layer-lifecycle': layer('lifecycle', 'jobs'),
  'layer-tracing': layer('tracing', 'http'),
  'layer-database': layer('database', 'nodes'),
  'layer-http': layer('http', 'database'),
  'layer-auth': layer('auth', 'nodes'),
  'layer-openapi': layer('openapi', 'nodes'),
  'layer-console': layer('console', 'nodes'),
  'layer-metrics': layer('metrics', 'health'),
  'layer-keys': layer('keys', 'nodes'),
  'layer-audit': layer('audit', 'nodes'),
  'layer-health': layer('health', 'passthru'),
  'layer-reservations': layer('reservations', 'conductors'),
  'layer-forwarding': layer('forwarding', 'nodes'),
  'layer-conductors': layer('conductors', 'reservations'),
  'layer-drivers': layer('drivers', 'reservations'),
  'layer-nodes': layer('nodes', 'jobs'),
  'layer-jobs': layer('jobs', 'passthru'),
  'layer-fleet': layer('fleet', 'periodic'),
  'layer-locks': layer('locks', 'passthru'),
  'layer-webhooks': layer('webhooks', 'passthru'),
  'layer-periodic': layer('periodic', 'jobs'),
  'layer-passthru': layer('passthru', 'cli'),
  'layer-unknown': layer('attic', 'config'),
  'wing-policy-defaults': wing(POLICY, 'defaults', 'rules'),
  'wing-policy-arguments': wing(POLICY, 'arguments', 'defaults'),
  'wing-policy-rules': {
    ...using(`${POLICY}/rules/a.ts`, '../policy.js'),
    [`${POLICY}/policy.ts`]: 'export const a = 1;\n',
  },
  'wing-policy-common': common(POLICY, 'rules'),
  'wing-policy-unknown': wing(POLICY, 'attic', 'rules'),
  'wing-jobs-queue': wing(JOBS, 'queue', 'record'),
  'wing-jobs-record': wing(JOBS, 'record', 'running'),
  'wing-jobs-following': wing(JOBS, 'following', 'running'),
  'wing-jobs-running': wing(JOBS, 'running', 'attic'),
  'wing-jobs-common': common(JOBS, 'record'),
  'wing-jobs-unknown': wing(JOBS, 'attic', 'record'),
  'wing-passthru-call': wing(PASSTHRU, 'call', 'lock'),
  'wing-passthru-dry-run': wing(PASSTHRU, 'dry-run', 'guards'),
  'wing-passthru-guards': wing(PASSTHRU, 'guards', 'lock'),
  'wing-passthru-idempotency': wing(PASSTHRU, 'idempotency', 'lock'),
  'wing-passthru-lock': wing(PASSTHRU, 'lock', 'idempotency'),
  'wing-passthru-common': common(PASSTHRU, 'call'),
  'wing-passthru-unknown': wing(PASSTHRU, 'attic', 'call'),
  'wing-fleet-making': wing(FLEET, 'making', 'running'),
  'wing-fleet-running': wing(FLEET, 'running', 'making'),
  'wing-fleet-common': common(FLEET, 'making'),
  'wing-fleet-unknown': wing(FLEET, 'attic', 'making'),
  'wing-driver-kit-settings': wing(KIT, 'settings', 'decorators'),
  'wing-driver-kit-decorators': { ...using(`${KIT}/decorators/a.ts`, '../index.js'), ...lib('driver-kit') },
  'wing-driver-kit-common': common(KIT, 'settings'),
  'wing-driver-kit-unknown': wing(KIT, 'attic', 'settings'),
  'wing-redfish-wire': wing(REDFISH, 'wire', 'quirks'),
  'wing-redfish-quirks': wing(REDFISH, 'quirks', 'access'),
  'wing-redfish-access': wing(REDFISH, 'access', 'resources'),
  'wing-redfish-resources': wing(REDFISH, 'resources', 'services'),
  'wing-redfish-services': { ...using(`${REDFISH}/services/a.ts`, '../index.js'), ...lib('redfish') },
  'wing-redfish-common': common(REDFISH, 'wire'),
  'wing-redfish-unknown': wing(REDFISH, 'attic', 'wire'),
  'wing-driver-redfish-bmc': wing(DRIVER, 'bmc', 'request'),
  'wing-driver-redfish-subscriptions': wing(DRIVER, 'subscriptions', 'virtual-media'),
  'wing-driver-redfish-virtual-media': wing(DRIVER, 'virtual-media', 'subscriptions'),
  'wing-driver-redfish-bios': wing(DRIVER, 'bios', 'request'),
  'wing-driver-redfish-chassis': wing(DRIVER, 'chassis', 'logs'),
  'wing-driver-redfish-firmware': wing(DRIVER, 'firmware', 'manager'),
  'wing-driver-redfish-logs': wing(DRIVER, 'logs', 'chassis'),
  'wing-driver-redfish-manager': wing(DRIVER, 'manager', 'firmware'),
  'wing-driver-redfish-request': wing(DRIVER, 'request', 'subscriptions'),
  'wing-driver-redfish-accounts': wing(DRIVER, 'accounts', 'request'),
  'wing-driver-redfish-certificates': wing(DRIVER, 'certificates', 'request'),
  'wing-driver-redfish-common': common(DRIVER, 'bmc'),
  'wing-driver-redfish-unknown': wing(DRIVER, 'attic', 'bmc'),
  'wing-driver-testing-task': wing(TESTING, 'task', 'host'),
  'wing-driver-testing-host': wing(TESTING, 'host', 'task'),
  'wing-driver-testing-arguments': wing(TESTING, 'arguments', 'host'),
  'wing-driver-testing-runner': wing(TESTING, 'runner', 'rules'),
  'wing-driver-testing-subject': wing(TESTING, 'subject', 'rules'),
  'wing-driver-testing-trial': wing(TESTING, 'trial', 'rules'),
  'wing-driver-testing-rules': wing(TESTING, 'rules', 'conformance'),
  'wing-driver-testing-conformance': wing(TESTING, 'conformance', 'command'),
  'wing-driver-testing-changes': wing(TESTING, 'changes', 'rules'),
  'wing-driver-testing-docs': wing(TESTING, 'docs', 'rules'),
  'wing-driver-testing-command': wing(TESTING, 'command', 'host'),
  'wing-driver-testing-common': common(TESTING, 'task'),
  'wing-driver-testing-unknown': wing(TESTING, 'attic', 'task'),
  'wing-bmc-simulator-tree': wing(BMC, 'tree', 'profiles'),
  'wing-bmc-simulator-messages': wing(BMC, 'messages', 'services'),
  'wing-bmc-simulator-blueprints': wing(BMC, 'blueprints', 'profiles'),
  'wing-bmc-simulator-profiles': wing(BMC, 'profiles', 'misbehaviours'),
  'wing-bmc-simulator-misbehaviours': wing(BMC, 'misbehaviours', 'services'),
  'wing-bmc-simulator-protocol': wing(BMC, 'protocol', 'media'),
  'wing-bmc-simulator-media': wing(BMC, 'media', 'events'),
  'wing-bmc-simulator-events': wing(BMC, 'events', 'services'),
  'wing-bmc-simulator-access': wing(BMC, 'access', 'services'),
  'wing-bmc-simulator-certificates': wing(BMC, 'certificates', 'services'),
  'wing-bmc-simulator-services': wing(BMC, 'services', 'bmc'),
  'wing-bmc-simulator-bmc': wing(BMC, 'bmc', 'server'),
  'wing-bmc-simulator-server': {
    ...using(`${BMC}/server/a.ts`, '../index.js'),
    [`${BMC}/index.ts`]: 'export const a = 1;\n',
  },
  'wing-bmc-simulator-command': wing(BMC, 'command', 'services'),
  'wing-bmc-simulator-common': common(BMC, 'tree'),
  'wing-bmc-simulator-unknown': wing(BMC, 'attic', 'tree'),
  'src-knows-only-the-kit': { ...lib('driver-fake'), ...using('src/drivers/a.ts', '@ferrule/driver-fake') },
  'kit-is-a-leaf': {
    ...lib('redfish'),
    ...lib('driver-kit'),
    ...using('libs/driver-kit/src/a.ts', '@ferrule/redfish'),
  },
  'simulator-without-dependencies': using('libs/bmc-simulator/src/a.ts', '@nestjs/common'),
  'drivers-know-kit-and-redfish': {
    ...lib('driver-fake'),
    ...lib('driver-ipmi'),
    ...using('libs/driver-ipmi/src/a.ts', '@ferrule/driver-fake'),
  },
  'redfish-without-nest': { ...lib('redfish'), ...using('libs/redfish/src/a.ts', '@nestjs/common') },
  'no-cycle': {
    'src/nodes/a.ts': "import { type B } from './b.js';\nexport type A = B | 1;\n",
    'src/nodes/b.ts': "import { type A } from './a.js';\nexport type B = A | 2;\n",
  },
  'not-unresolvable': using('src/nodes/a.ts', './nowhere.js'),
  'no-dev-dependency': using('src/nodes/a.ts', 'jest'),
};
