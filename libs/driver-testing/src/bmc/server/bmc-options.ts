import { type TlsOptions } from 'node:tls';
import { type CertificateOptions } from './certificate.js';
import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { plant, plantSecondSystem } from '../profiles/blueprint.js';
import { type ProfileName, profiles } from '../profiles/index.js';
import { sampleTree } from '../profiles/sample-tree.js';
import { ResourceTree } from '../tree/tree.js';
import { type VendorRules } from '../profiles/vendor-rules.js';

/** The resources of a BMC and its vendor's rules. */
export interface Source {
  readonly tree: ResourceTree;
  readonly rules: VendorRules;
}

/** How {@link startBmc} makes a BMC. */
export interface BmcOptions {
  /** Whose BMC it is; default `generic`. */
  readonly profile?: ProfileName;
  /** Serves a folder that holds `redfish/v1/…/index.json` instead of a profile's tree. */
  readonly tree?: string;
  /** HTTPS with a self-signed certificate for `localhost` and `127.0.0.1`, or as the options say. */
  readonly tls?: boolean | (CertificateOptions & Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'>);
  /** Default `admin`. */
  readonly username?: string;
  /** Default `secret-password`. */
  readonly password?: string;
  /** Adds a System `HGX_Baseboard_0`, so that a client has to be told which one it is for. */
  readonly hasSecondSystem?: boolean;
  /** Path before `/redfish/v1`, as behind a gateway: `/bmc1`. */
  readonly prefix?: string;
  readonly misbehave?: Misbehaviours;
}

/** Plants the tree that the options ask for; throws when a folder holds none. */
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
