import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InvalidParameterValue } from '@ferrule/driver-kit';

const TRUE = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE = new Set(['0', 'f', 'false', 'off', 'n', 'no']);
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const MOST_FILES = 1000;
const MOST_PATHS = 1000;
/** Milliseconds after which a file is read again, since certificates are renewed. */
const FRESH = 60_000;

export interface Trust {
  readonly verify: boolean;
  readonly ca?: string;
}

interface Read {
  /** Undefined if there are no certificates. */
  readonly pem: string | undefined;
  readonly at: number;
}

/**
 * The files of certificates that nodes may name. A path outside of the directory is refused, so that a node cannot make
 * the service read any file; links in it, which only its owner can make, are followed. Each path is read once a minute
 * at most.
 */
export class CaDirectory {
  readonly #root: string;
  readonly #read = new Map<string, Read>();

  /** @param fresh milliseconds after which a file is read again */
  constructor(
    directory: string,
    readonly fresh = FRESH,
  ) {
    this.#root = resolve(directory);
  }

  /** The certificates of a file or folder in PEM; undefined if the path is none of this directory, or has none. */
  pem(path: string): string | undefined {
    const place = this.#place(path);
    if (place === undefined) return undefined;
    const now = performance.now();
    const known = this.#read.get(place);
    if (known !== undefined && now - known.at < this.fresh) return known.pem;
    if (this.#read.size >= MOST_PATHS) this.#read.clear();
    const pem = certificatesIn(textAt(place));
    this.#read.set(place, { pem, at: now });
    return pem;
  }

  #place(path: string): string | undefined {
    if (path === '' || path.includes('\0')) return undefined;
    const place = resolve(this.#root, path);
    if (place === this.#root || place.startsWith(this.#root + sep)) return place;
    try {
      // The directory itself may be a link, and the node may name where it leads.
      const real = realpathSync(this.#root);
      return place === real || place.startsWith(real + sep) ? place : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * Reads `redfish_verify_ca`: a boolean, a strict boolean word, certificates in PEM, or the path of a file or folder of
 * `directory`.
 *
 * @throws InvalidParameterValue in Ironic's words
 */
export function trustOf(value: unknown, directory: CaDirectory | undefined, node: string): Trust {
  if (typeof value === 'boolean') return { verify: value };
  if (typeof value === 'string') {
    const isText = value.includes('-----BEGIN');
    const ca = isText ? certificatesIn(value) : directory?.pem(value);
    if (ca !== undefined) return { verify: true, ca };
    if (isText) throw invalid('PEM text', node);
    const word = value.trim().toLowerCase();
    if (TRUE.has(word)) return { verify: true };
    if (FALSE.has(word)) return { verify: false };
  }
  throw invalid(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)), node);
}

function invalid(shown: string, node: string): InvalidParameterValue {
  return new InvalidParameterValue(
    `Invalid value type set in driver_info/redfish_verify_ca on node ${node}. ` +
      `The value should be a Boolean or the path to a file/directory, not "${shown}"`,
  );
}

function textAt(path: string): string {
  try {
    if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
    const files = readdirSync(path)
      .map((name) => join(path, name))
      .filter(isFile)
      .slice(0, MOST_FILES);
    return files.map((file) => readFileSync(file, 'utf8')).join('\n');
  } catch {
    return '';
  }
}

/** Also of a link that leads to a file, as in mounted secrets and hashed folders; not of a broken one. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The certificates of a text, each once, without anything else in it, such as a private key. */
function certificatesIn(text: string): string | undefined {
  const certificates = [...new Set(text.match(CERTIFICATE) ?? [])];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    return undefined;
  }
  return certificates.length === 0 ? undefined : certificates.join('\n');
}
