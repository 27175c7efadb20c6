import { type Driver } from '../../drivers/driver.js';
import { exampleCalls } from './example-calls.js';

const EXAMPLE_DRIVER = 'fake-hardware';
const VERSION = "-H 'X-OpenStack-Ironic-API-Version: latest'";

/** @param driver the one whose methods are called, if the example driver is not enabled. */
export function hints(url: string, hardwareTypes: readonly string[], driver?: Driver): string {
  return `
Ferrule listens on ${url}
Try the listings in a browser: ${url}/docs

Commands to try in another terminal:

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
  if (hardwareTypes.includes(EXAMPLE_DRIVER)) {
    return [
      `curl -s ${url}/v1/nodes ${VERSION} --json '{"name": "n1", "driver": "${EXAMPLE_DRIVER}"}'`,
      `curl -s ${url}/v1/nodes/n1/vendor_passthru/third_method_sync ${VERSION} --json '{"bar": "meow"}'`,
      `baremetal --os-auth-type none --os-endpoint ${url} node passthru list n1`,
    ];
  }
  return [
    ...(driver === undefined ? [] : exampleCalls(url, VERSION, driver)),
    `curl -s ${url}/v1/drivers/${name}/properties ${VERSION}   # the driver_info that its nodes need`,
    `baremetal --os-auth-type none --os-endpoint ${url} driver list`,
  ];
}
