import { type Driver } from '../../drivers/driver.js';
import { exampleCalls } from './example-calls.js';

const VERSION = "-H 'X-OpenStack-Ironic-API-Version: latest'";

interface Hinted {
  /** The one whose methods are called: the first that is enabled. */
  readonly driver?: Driver | undefined;
  readonly hasConsole?: boolean;
}

export function hints(
  url: string,
  hardwareTypes: readonly string[],
  { driver, hasConsole = false }: Hinted = {},
): string {
  const [first, ...others] = hardwareTypes;
  const which = others.length === 0 ? '' : ` (hardware type ${first}; ${others.join(', ')} left out)`;
  return `
Ferrule listens on ${url}
${hasConsole ? `See nodes and jobs in a browser: ${url}/console\n` : ''}Try the listings in a browser: ${url}/docs

Commands to try in another terminal${which}:

${commands(url, hardwareTypes, driver)
  .map((command) => `  ${command}`)
  .join('\n')}

Ctrl-C stops it.
`;
}

function commands(url: string, hardwareTypes: readonly string[], driver: Driver | undefined): string[] {
  const [name] = hardwareTypes;
  if (name === undefined) {
    return [
      `curl -s ${url}/v1/drivers ${VERSION}`,
      'ferrule drivers   # the values for FERRULE_ENABLED_HARDWARE_TYPES',
    ];
  }
  return [
    ...(driver === undefined ? [] : exampleCalls(url, VERSION, driver)),
    `curl -s ${url}/v1/drivers/${name}/properties ${VERSION}   # the driver_info that its nodes need`,
    `baremetal --os-auth-type none --os-endpoint ${url} driver list`,
  ];
}
