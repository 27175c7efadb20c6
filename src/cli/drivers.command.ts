import { type DriverListings } from '../drivers/packages/list-drivers.js';
import { type Output } from './output.js';
import { table } from './table.js';

const REMARK = 'Problems that affect no enabled hardware type:';
const REASON = 'The service cannot start with the enabled hardware types:';

/** @returns 1 if an enabled hardware type has a problem. */
export async function drivers(
  env: NodeJS.ProcessEnv,
  options: { json?: boolean },
  out: Output,
): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { listDrivers } = await import('../drivers/packages/list-drivers.js');
  const listings = await listDrivers(config);
  if (options.json === true) out.print(JSON.stringify(listings, null, 2));
  else out.print(textOf(listings));
  return listings.reasons.length > 0 ? 1 : 0;
}

function textOf({ drivers: listings, periodic, reasons, warnings }: DriverListings): string {
  const rows = listings.map(({ name, package: source, version, enabled, problems }) => {
    return [name ?? '-', source, version ?? '-', enabled ? 'yes' : 'no', String(problems.length || '')];
  });
  return [
    table([['NAME', 'PACKAGE', 'VERSION', 'ENABLED', 'PROBLEMS'], ...rows]),
    ...periodicTable(periodic),
    ...section(REASON, reasons),
    ...section(REMARK, warnings),
  ].join('\n');
}

function periodicTable(periodic: DriverListings['periodic']): string[] {
  if (periodic.length === 0) return [];
  const rows = periodic.map(({ hardware_type: type, method, every, scope, lock, description }) => {
    return [type, method, every, scope, lock ?? '-', description ?? ''];
  });
  return ['', table([['NAME', 'PERIODIC METHOD', 'EVERY', 'SCOPE', 'LOCK', 'DESCRIPTION'], ...rows])];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
}
