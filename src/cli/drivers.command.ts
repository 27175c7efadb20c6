import { type Output } from './output.js';
import { table } from './table.js';

export async function drivers(
  env: NodeJS.ProcessEnv,
  options: { json?: boolean },
  out: Output,
): Promise<number> {
  const { loadServiceConfig } = await import('../setup.js');
  const config = await loadServiceConfig(env);
  const { listDrivers } = await import('../drivers/packages/list-drivers.js');
  const listings = await listDrivers({
    driverRoot: config.driverRoot,
    enabledHardwareTypes: config.enabledHardwareTypes,
  });
  if (options.json === true) {
    out.print(JSON.stringify(listings, null, 2));
    return 0;
  }
  const rows = listings.map(({ name, package: source, version, enabled, problem }) => {
    return [name, source, version, enabled ? 'yes' : 'no', problem ?? ''];
  });
  out.print(table([['NAME', 'PACKAGE', 'VERSION', 'ENABLED', 'PROBLEM'], ...rows]));
  return 0;
}
