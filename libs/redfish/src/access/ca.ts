import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { RedfishTargetError } from '../errors.js';

const TRUE = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE = new Set(['0', 'f', 'false', 'off', 'n', 'no']);
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const MOST_FILES = 1000;

export interface Trust {
  readonly verify: boolean;
  readonly ca?: string;
}

/**
 * Reads `redfish_verify_ca`: a boolean, a strict boolean word, certificates in PEM, or the path of a file or directory
 * below `directory`. Paths elsewhere are refused, so that a node cannot make the service read any file.
 *
 * @throws RedfishTargetError with Ironic's text
 */
export function caOf(value: unknown, directory: string | undefined, node: string): Trust {
  if (typeof value === 'boolean') return { verify: value };
  if (typeof value === 'string') {
    if (value.includes('-----BEGIN'))
      return { verify: true, ca: pem(value, () => invalid('PEM text', node)) };
    const path = directory === undefined ? undefined : below(directory, value);
    if (path !== undefined) return { verify: true, ca: pem(read(path), () => invalid(value, node)) };
    const word = value.trim().toLowerCase();
    if (TRUE.has(word)) return { verify: true };
    if (FALSE.has(word)) return { verify: false };
  }
  throw invalid(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)), node);
}

function invalid(shown: string, node: string): RedfishTargetError {
  return new RedfishTargetError(
    'invalid',
    `Invalid value type set in driver_info/redfish_verify_ca on node ${node}. ` +
      `The value should be a Boolean or the path to a file/directory, not "${shown}"`,
  );
}

function below(directory: string, path: string): string | undefined {
  if (path === '' || path.includes('\0')) return undefined;
  try {
    const root = realpathSync(directory);
    const real = realpathSync(resolve(root, path));
    return real === root || real.startsWith(root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
    const entries = readdirSync(path, { withFileTypes: true }).slice(0, MOST_FILES);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(path, entry.name));
    return files.map((file) => readFileSync(file, 'utf8')).join('\n');
  } catch {
    return '';
  }
}

/** The certificates of a text, without anything else in it, such as a private key. */
function pem(text: string, wrong: () => RedfishTargetError): string {
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw wrong();
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    throw wrong();
  }
  return certificates.join('\n');
}
