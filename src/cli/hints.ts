/** What a newcomer sees after `npm start`: where it is, and three commands that work as they stand. */
export function hints(url: string, hardwareTypes: readonly string[]): string {
  const driver = hardwareTypes[0] ?? 'fake-hardware';
  return `
Ferrule listens on ${url}
Listings to explore: ${url}/docs

Three commands to try in another terminal:

  curl -s ${url}/v1/nodes -H 'X-OpenStack-Ironic-API-Version: latest' --json '{"name": "n1", "driver": "${driver}"}'
`;
}
