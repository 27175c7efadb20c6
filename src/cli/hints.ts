const EXAMPLE_DRIVER = 'fake-hardware';
const VERSION = "-H 'X-OpenStack-Ironic-API-Version: latest'";

export function hints(url: string, hardwareTypes: readonly string[]): string {
  return `
Ferrule listens on ${url}
Try the listings in a browser: ${url}/docs

Commands to try in another terminal:

${commands(url, hardwareTypes)
  .map((command) => `  ${command}`)
  .join('\n')}

Ctrl-C stops it.
`;
}

function commands(url: string, hardwareTypes: readonly string[]): string[] {
  const [driver] = hardwareTypes;
  if (driver === undefined) {
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
    `curl -s ${url}/v1/drivers/${driver}/properties ${VERSION}   # the driver_info that its nodes need`,
    `curl -s '${url}/v1/drivers/${driver}/vendor_passthru/methods' ${VERSION}`,
    `baremetal --os-auth-type none --os-endpoint ${url} driver list`,
  ];
}
