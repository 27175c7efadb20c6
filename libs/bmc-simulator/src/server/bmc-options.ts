import { type TlsOptions } from 'node:tls';
import { type CertificateOptions } from '../certificates/certificate.js';
import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { plant } from '../blueprints/plant.js';
import { plantSecondSystem } from '../blueprints/second-system.js';
import { type ProfileName, profiles } from '../profiles/index.js';
import { sampleTree } from '../profiles/sample-tree.js';
import { ResourceTree } from '../tree/tree.js';
import { type VendorRules } from '../profiles/vendor-rules.js';

export interface Source {
  readonly tree: ResourceTree;
  readonly rules: VendorRules;
}

export interface BmcOptions {
  /** Default: `generic`. */
  readonly profile?: ProfileName;
  /** A folder that contains `redfish/v1/…/index.json`, served instead of a profile's tree. */
  readonly tree?: string;
  /** HTTPS with a self-signed certificate, by default for `localhost` and `127.0.0.1`. */
  readonly tls?: boolean | (CertificateOptions & Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'>);
  /** Default: `admin`. */
  readonly username?: string;
  /** Default: `secret-password`. */
  readonly password?: string;
  /** Adds a System `HGX_Baseboard_0`, so that clients have to name the one they mean. */
  readonly hasSecondSystem?: boolean;
  /** A path before `/redfish/v1`, as behind a gateway: `/bmc1`. */
  readonly prefix?: string;
  readonly misbehave?: Misbehaviours;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export function sourceOf(options: BmcOptions): Source {
  const source =
    options.tree === undefined ? profileSource(options.profile ?? 'generic') : sampleTree(options.tree);
  if (options.hasSecondSystem) {
    plantSecondSystem(source.tree);
  }
  return source;
}

function profileSource(profile: ProfileName): Source {
  const { blueprint, rules } = profiles[profile];
  return { tree: new ResourceTree(plant(blueprint)), rules };
}
