/** What a newcomer sees after `npm start`: where it is, and three commands that work as they stand. */
export function hints(url: string, hardwareTypes: readonly string[]): string {
  const driver = hardwareTypes[0] ?? 'fake-hardware';
  const version = "-H 'X-OpenStack-Ironic-API-Version: latest'";
  return `
Ferrule listens on ${url}
The listings, to be tried in a browser: ${url}/docs

Three commands to try in another terminal:

  curl -s ${url}/v1/nodes ${version} --json '{"name": "n1", "driver": "${driver}"}'
  curl -s ${url}/v1/nodes/n1/vendor_passthru/third_method_sync ${version} --json '{"bar": "meow"}'
  baremetal --os-auth-type none --os-endpoint ${url} node passthru list n1

Ctrl-C stops it.
`;
}
