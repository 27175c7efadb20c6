import { NotAcceptable } from './errors.js';

/** N of 1.N. */
export const MINIMUM_MICROVERSION = 1;
export const MAXIMUM_MICROVERSION = 109;

export const LEGACY_HEADER = 'x-openstack-ironic-api-version';
export const STANDARD_HEADER = 'openstack-api-version';

export const VERSION_HEADERS = {
  minimum: 'X-OpenStack-Ironic-API-Minimum-Version',
  maximum: 'X-OpenStack-Ironic-API-Maximum-Version',
  current: 'X-OpenStack-Ironic-API-Version',
} as const;

/** 406 with the supported range, from which clients choose a lower version. */
export class VersionOutOfRange extends NotAcceptable {
  constructor(requested: string) {
    const range = `[${versionText(MINIMUM_MICROVERSION)}, ${versionText(MAXIMUM_MICROVERSION)}]`;
    super(`Version ${requested} was requested but this service supports ${range}.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return {
      [VERSION_HEADERS.minimum]: versionText(MINIMUM_MICROVERSION),
      [VERSION_HEADERS.maximum]: versionText(MAXIMUM_MICROVERSION),
    };
  }
}

export function versionText(minor: number): string {
  return `1.${minor}`;
}

/**
 * The standard header takes precedence.
 * @throws NotAcceptable when it is not a version, VersionOutOfRange when it is not supported.
 */
export function negotiate(standard: string | undefined, legacy: string | undefined): number {
  const requested = (standard && versionOfService(standard)) || legacy?.trim();
  if (!requested) return MINIMUM_MICROVERSION;
  if (requested.toLowerCase() === 'latest') return MAXIMUM_MICROVERSION;
  const match = /^(-?\d+)\.(\d+)$/.exec(requested);
  if (!match) {
    throw new NotAcceptable(`'${requested}' is not an API version; expected 1.N or latest.`);
  }
  const minor = Number(match[2]);
  if (Number(match[1]) !== 1 || minor < MINIMUM_MICROVERSION || minor > MAXIMUM_MICROVERSION) {
    throw new VersionOutOfRange(requested);
  }
  return minor;
}

/** `1.50` from `compute 2.1, baremetal 1.50`. */
function versionOfService(value: string): string | undefined {
  for (const entry of value.split(',').reverse()) {
    const [service, version] = entry.trim().split(/\s+/, 2);
    if (service?.toLowerCase() === 'baremetal' && version) return version;
  }
  return undefined;
}

/** N of the 1.N that introduced `/v1/conductors`. */
export const CONDUCTORS_SINCE = 49;
/** N of the 1.N that introduced `/v1/portgroups`; what is below other resources came one later. */
export const PORTGROUPS_SINCE = 23;
