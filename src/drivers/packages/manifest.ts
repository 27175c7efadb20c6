import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { nearest } from '../../text/nearest.js';
import { shortened } from '../../text/listed.js';

const Names = z.record(z.string(), z.string()).catch({});
const Manifest = z.object({
  name: z.string().catch(''),
  version: z.string().catch('0.0.0'),
  keywords: z.array(z.string()).catch([]),
  dependencies: Names,
  optionalDependencies: Names,
  workspaces: z.array(z.string()).catch([]),
  ferrule: z.unknown().optional(),
});
export type Manifest = z.infer<typeof Manifest>;

const EXAMPLE = '"ferrule": { "drivers": { "acme-xr": "./dist/index.js" } }';

/** @throws if the file cannot be read or is no JSON object. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, 'package.json');
  const text = readFileSync(file, 'utf8');
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    throw new TypeError(`${file} is not a JSON object`);
  }
}

/** Whether a name like `ferrule-driver-acme` or `@acme/ferrule-driver-xr` says that the package is a driver. */
export function isDriverName(name: string): boolean {
  return /^(@[^/]+\/)?ferrule-driver-/.test(name);
}

/** The paths of modules by hardware type, not checked yet; undefined if the package is no driver. */
export function driverEntries(
  manifest: Manifest,
):
  | { readonly entries: readonly (readonly [name: string, path: unknown])[] }
  | { readonly problem: string }
  | undefined {
  const { ferrule, name, keywords } = manifest;
  if (ferrule === undefined) {
    const isDriver = isDriverName(name) || keywords.includes('ferrule-driver');
    return isDriver
      ? {
          problem: `its package.json has no entry "ferrule", so it provides no hardware type; add ${EXAMPLE}`,
        }
      : undefined;
  }
  const drivers = isObject(ferrule) ? ferrule['drivers'] : undefined;
  const entries = isObject(drivers) ? Object.entries(drivers) : [];
  if (entries.length > 0) return { entries };
  const guess = isObject(ferrule) && drivers === undefined ? misspelt(Object.keys(ferrule)) : '';
  return {
    problem: `the entry "ferrule" of its package.json names no hardware type: it is ${shortened(JSON.stringify(ferrule))}${guess}, and must be like ${EXAMPLE}`,
  };
}

function misspelt(keys: readonly string[]): string {
  const key = keys.find((each) => nearest(each, ['drivers']) !== undefined);
  return key === undefined ? '' : ` (did you mean "drivers" by "${key}"?)`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
