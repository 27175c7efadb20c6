import { parseArgs } from 'node:util';
import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { type ProfileName, profileNames } from '../profiles/index.js';
import { misbehavioursOf } from './misbehaviours.js';
import { UsageError } from './usage-error.js';

export interface Arguments {
  readonly profile: ProfileName;
  readonly tree: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username: string;
  readonly password: string;
  readonly caFile: string | undefined;
  readonly journal: string | undefined;
  readonly misbehave: Misbehaviours;
  readonly isHelp: boolean;
}

export const USAGE = `Usage: ferrule-bmc [options]

Simulates a BMC with Redfish until it is interrupted, and prints each request that it gets.

  --profile NAME    its vendor: ${profileNames.join(', ')} (default: generic)
  --tree FOLDER     recorded answers (redfish/v1/…/index.json) instead of a profile's resources
  --host ADDRESS    where to listen (default: 127.0.0.1)
  --port NUMBER     default: 8443; 0 for a free one
  --http            without TLS
  --username NAME   default: admin
  --password TEXT   default: secret-password
  --ca-file FILE    writes the certificate that clients have to trust
  --journal FILE    appends each request to a file, as a line of JSON
  --misbehave JSON  faults of real BMCs, such as '{"notReady": {"kind": "503", "times": 3}}', by the names of
                    the README; without {"resetOutage": MILLISECONDS} the reset of a manager takes 20 s
  --help            this text`;

/** Long enough that a client sees the BMC away. */
const DEFAULTS: Misbehaviours = { resetOutage: 20_000 };

const OPTIONS = {
  profile: { type: 'string', default: 'generic' },
  tree: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8443' },
  http: { type: 'boolean', default: false },
  username: { type: 'string', default: 'admin' },
  password: { type: 'string', default: 'secret-password' },
  'ca-file': { type: 'string' },
  journal: { type: 'string' },
  misbehave: { type: 'string', default: '{}' },
  help: { type: 'boolean', default: false },
} as const;

export function parsed(args: readonly string[]): Arguments {
  const { values } = valuesOf(args);
  const profile = profileNames.find((name) => name === values.profile);
  if (profile === undefined) {
    throw new UsageError(`There is no profile ${values.profile}; there are: ${profileNames.join(', ')}.`);
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new UsageError(`--port ${values.port} is not a number from 0 to 65535.`);
  }
  if (values.tree !== undefined && args.some((arg) => /^--profile(?:=|$)/.test(arg))) {
    throw new UsageError('--profile and --tree exclude each other.');
  }
  if (values.http && values['ca-file'] !== undefined) {
    throw new UsageError('--ca-file has no certificate to write with --http.');
  }
  return {
    profile,
    tree: values.tree,
    host: values.host,
    port: Number(values.port),
    isTls: !values.http,
    username: values.username,
    password: values.password,
    caFile: values['ca-file'],
    journal: values.journal,
    misbehave: { ...DEFAULTS, ...misbehavioursOf(values.misbehave) },
    isHelp: values.help,
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
