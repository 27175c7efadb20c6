import { type Config } from '../../../config/config.js';
import { roleOf } from '../../../config/settings/process.js';
import { listDrivers } from '../../../drivers/packages/list-drivers.js';
import { type Finding, ok, problem, warning } from '../finding.js';

export async function checkDrivers(config: Config): Promise<Finding[]> {
  const { enabledHardwareTypes: names } = config;
  if (names.length === 0 && roleOf(config) === 'api') {
    return [ok('None is enabled: conductors run the calls that this process gets.')];
  }
  if (names.length === 0) {
    return [
      problem(
        'No hardware type is enabled.',
        'Name those of your nodes in FERRULE_ENABLED_HARDWARE_TYPES; "ferrule drivers" lists what is installed.',
      ),
    ];
  }
  const { reasons, warnings } = await listDrivers(config);
  return [
    ...reasons.map((text) => problem(text, 'Mend or disable the hardware type; the service does not start.')),
    ...warnings.map((text) =>
      warning(text, 'No enabled hardware type is affected; mend or remove the package.'),
    ),
    ...(reasons.length === 0 ? [ok(`Enabled and whole: ${names.join(', ')}.`)] : []),
  ];
}
