import { type ProcessDescription } from '../../src/conductors/process-description.js';

/** A conductor without drivers. */
export function processNamed(hostname: string): ProcessDescription {
  return { hostname, role: 'all', group: '', version: '0.0.0', drivers: [] };
}
