// Imports point down. Each folder of `src` with the folders that it may import; what it does not name is
// above it or beside it.
const BASE = ['config', 'logging', 'waiting', 'tracing', 'files', 'json', 'text'];
const GROUND = ['secrets', 'lifecycle', 'http', 'database', ...BASE];
const COMMON = ['auth', 'openapi', 'health', 'metrics', ...GROUND];
export const MAY_IMPORT = {
  text: [],
  json: ['text'],
  files: ['text'],
  config: ['files', 'text'],
  logging: ['secrets', 'waiting'],
  secrets: [],
  waiting: [],
  tracing: ['config', 'logging', 'waiting'],
  lifecycle: [],
  database: BASE,
  http: BASE,
  resources: ['http', 'database', 'secrets', ...BASE],
  auth: GROUND,
  openapi: GROUND,
  console: GROUND,
  health: GROUND,
  metrics: ['auth', ...GROUND],
  keys: GROUND,
  audit: COMMON,
  conductors: COMMON,
  forwarding: ['conductors', ...COMMON],
  reservations: COMMON,
  drivers: ['conductors', ...COMMON],
  nodes: ['resources', 'forwarding', 'drivers', 'reservations', 'conductors', 'audit', ...COMMON],
  jobs: ['nodes', 'drivers', 'reservations', 'conductors', 'audit', ...COMMON],
  fleet: [
    'forwarding',
    'passthru',
    'jobs',
    'nodes',
    'drivers',
    'reservations',
    'conductors',
    'audit',
    ...COMMON,
  ],
  chassis: ['nodes', 'resources', 'conductors', 'audit', ...COMMON],
  ports: ['nodes', 'resources', 'reservations', 'conductors', 'audit', ...COMMON],
  locks: ['jobs', 'nodes', 'drivers', 'reservations', 'conductors', 'audit', ...COMMON],
  webhooks: ['jobs', ...COMMON],
  periodic: ['nodes', 'drivers', 'reservations', 'conductors', 'audit', ...COMMON],
  passthru: ['forwarding', 'jobs', 'nodes', 'drivers', 'reservations', 'conductors', 'audit', ...COMMON],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import only ${allowed.join(', ') || 'nothing else of src'}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

// The wings of the larger packages: each folder with the wings that it may import. Files beside the wings may
// be imported by all of them and import none, except the entry files named in `entry`; a wing names those that it
// may import.
const BMC_GROUND = ['tree', 'messages', 'profiles', 'misbehaviours'];
const WINGS = {
  'src/database': {
    entry: 'database|snapshot|session-share|migrate|open-database|existing',
    wings: {
      faults: [],
      migrations: [],
      sessions: ['faults'],
      embedded: ['faults', 'sessions'],
      transitions: ['database'],
      reads: ['database', 'transitions'],
      notifications: ['database', 'sessions'],
      backup: ['migrate', 'open-database', 'migrations', 'faults', 'sessions', 'embedded', 'transitions'],
    },
  },
  'src/http': {
    entry: 'http\\.module|api\\.adapter|parameters|access-log',
    wings: {
      bodies: [],
      limits: [],
      query: [],
      tls: [],
      middleware: ['limits'],
      replies: ['limits', 'middleware'],
    },
  },
  'src/conductors': { entry: 'conductors\\.module|process-description', wings: { roster: [] } },
  'src/auth/policy': {
    entry: 'policy|policy\\.module|open-policy|denial|explanation|effective-rules',
    wings: { defaults: [], arguments: [], rules: ['defaults', 'arguments'] },
  },
  'src/metrics': { entry: 'metrics\\.module', wings: { exposition: [] } },
  'src/drivers': {
    entry: 'drivers\\.module|driver|driver-settings\\.module|driver-descriptions|method-catalogue',
    wings: {
      methods: [],
      execution: ['methods'],
      packages: ['methods', 'execution'],
      operations: ['methods', 'packages'],
      validation: ['methods', 'execution'],
      supervision: ['execution', 'packages'],
      'stray-errors': ['execution', 'packages'],
    },
  },
  'src/jobs': {
    entry: 'jobs\\.module|jobs-running\\.module|jobs\\.controller|jobs\\.service|lost-jobs|job-cancellation',
    wings: {
      queue: [],
      record: ['queue'],
      following: ['record'],
      running: ['queue', 'record', 'following'],
    },
  },
  'src/nodes': {
    entry: 'nodes\\.module|(nodes|node|maintenance|validation)\\.controller',
    wings: {
      fields: [],
      patch: ['fields'],
      access: ['fields', 'patch'],
      wire: ['fields', 'access'],
      list: ['fields', 'access', 'wire'],
      record: ['fields', 'access'],
      changes: ['fields', 'patch', 'access', 'record'],
    },
  },
  'src/passthru': {
    entry:
      '(node|driver)-passthru\\.controller|(power|management)\\.controller|passthru\\.(module|invoker|docs)|method-listing',
    wings: {
      call: [],
      'dry-run': ['call'],
      guards: ['call', 'dry-run'],
      idempotency: ['call'],
      lock: ['call'],
      operations: ['call'],
    },
  },
  'src/fleet': {
    entry: 'fleet\\.module|fleet-calls|fleet-calls\\.controller',
    wings: { making: [], running: [] },
  },
  'libs/driver-kit/src': {
    entry: 'index|host|plain',
    wings: { settings: [], decorators: ['settings'] },
  },
  'libs/redfish/src': {
    entry: 'index',
    wings: {
      wire: [],
      quirks: ['wire'],
      access: ['wire', 'quirks'],
      resources: ['wire', 'quirks', 'access'],
      services: ['wire', 'quirks', 'access', 'resources'],
    },
  },
  'libs/driver-redfish/src': {
    entry: 'index|[^/]+\\.(hardware|vendor|power|management|module)',
    wings: {
      bmc: [],
      subscriptions: ['bmc'],
      'virtual-media': ['bmc'],
      request: ['bmc'],
      bios: ['bmc'],
      chassis: ['bmc'],
      firmware: ['bmc'],
      logs: ['bmc'],
      manager: ['bmc'],
      accounts: ['bmc'],
      certificates: ['bmc'],
    },
  },
  'libs/driver-ipmi/src': {
    entry: 'index|[^/]+\\.(hardware|vendor|power|management)|ipmi\\.settings',
    wings: { raw: [], client: ['ipmi\\.settings'] },
  },
  'libs/driver-testing/src': {
    entry: 'index',
    wings: {
      task: [],
      host: [],
      arguments: [],
      runner: [],
      subject: ['host', 'arguments'],
      trial: ['task', 'host', 'arguments', 'subject'],
      rules: ['task', 'host', 'arguments', 'subject', 'trial'],
      conformance: ['runner', 'subject', 'trial', 'rules'],
      changes: ['arguments', 'subject'],
      docs: ['arguments', 'subject'],
      command: ['subject', 'rules', 'changes', 'docs'],
    },
  },
  'libs/bmc-simulator/src': {
    entry: 'index',
    wings: {
      tree: [],
      messages: ['tree'],
      blueprints: ['tree'],
      profiles: ['tree', 'messages', 'blueprints'],
      misbehaviours: ['tree', 'messages', 'profiles'],
      protocol: BMC_GROUND,
      media: [...BMC_GROUND, 'protocol'],
      events: [...BMC_GROUND, 'protocol'],
      access: [...BMC_GROUND, 'protocol'],
      certificates: [...BMC_GROUND, 'protocol'],
      services: [...BMC_GROUND, 'protocol', 'access'],
      bmc: [...BMC_GROUND, 'protocol', 'access', 'certificates', 'media', 'events', 'services'],
      server: [...BMC_GROUND, 'blueprints', 'certificates', 'media', 'access', 'bmc'],
      command: ['tree', 'profiles', 'misbehaviours', 'server'],
    },
  },
};

const wingRules = Object.entries(WINGS).flatMap(([place, { entry, wings }]) => {
  const parts = place.split('/');
  const name = parts[0] === 'libs' ? parts[1] : parts.at(-1);
  const rule = (suffix, comment, from, to) => ({
    name: `wing-${name}-${suffix}`,
    comment,
    severity: 'error',
    from,
    to,
  });
  return [
    ...Object.entries(wings).map(([wing, allowed]) =>
      rule(
        wing,
        `${place}/${wing} may import only ${allowed.join(', ') || 'no other wing'}, and no other entry file.`,
        { path: `^${place}/${wing}/` },
        {
          path: [`^${place}/[^/]+/`, `^${place}/(${entry})\\.ts$`],
          pathNot: `^${place}/(${[wing, ...allowed].join('|')})(/|\\.ts$)`,
        },
      ),
    ),
    rule(
      'common',
      `Files beside the wings of ${place} import no wing.`,
      { path: `^${place}/[^/]+\\.ts$`, pathNot: `^${place}/(${entry})\\.ts$` },
      { path: `^${place}/[^/]+/` },
    ),
    rule(
      'unknown',
      `A new folder of ${place} needs its place among the wings.`,
      { path: `^${place}/[^/]+/`, pathNot: `^${place}/(${Object.keys(wings).join('|')})/` },
      {},
    ),
  ];
});

export default {
  forbidden: [
    ...layers,
    ...wingRules,
    {
      name: 'layer-unknown',
      comment: 'A new folder of src needs its place in the order.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(cli|${Object.keys(MAY_IMPORT).join('|')})/` },
      to: {},
    },
    {
      name: 'src-knows-only-the-kit',
      comment: 'In-tree drivers have no privileges: src imports the driver kit, and never a driver.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^libs/', pathNot: '^libs/driver-kit/' },
    },
    {
      name: 'kit-is-a-leaf',
      comment: 'The driver kit, the Redfish client, the BMC simulator and the generator stand alone.',
      severity: 'error',
      from: { path: '^libs/(driver-kit|redfish|bmc-simulator|create-ferrule-driver)/' },
      to: { path: '^(src|libs)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'simulator-without-dependencies',
      comment:
        'The simulator must not share the code of a client that it tests. It uses a library for certificates only.',
      severity: 'error',
      from: { path: '^libs/bmc-simulator/src/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/@peculiar/asn1-' },
    },
    {
      name: 'drivers-know-kit-and-redfish',
      comment: 'A driver knows neither the service nor another driver.',
      severity: 'error',
      from: { path: '^libs/(driver-(?!kit)[^/]+)/' },
      to: { path: '^(src|libs)/', pathNot: '^libs/($1|driver-kit|redfish)/' },
    },
    {
      name: 'redfish-without-nest',
      comment: 'The Redfish client is of use without a framework.',
      severity: 'error',
      from: { path: '^libs/redfish/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'no-cycle',
      comment: 'Types may not close a circle either.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-unresolvable',
      comment: 'What cannot be resolved is not checked; without this rule that would pass.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency',
      comment: 'What is only there for development is not there in production.',
      severity: 'error',
      from: { path: '^(src|libs/[^/]+/src)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer', 'npm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.(spec|spec-support|type-test)\\.ts$', '(^|/)dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Without these two, workspaces are not followed into their sources and every rule about them is mute.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
