import { type HttpClient } from './http-client.js';

interface Document {
  readonly paths: Record<
    string,
    { readonly get: { readonly parameters: readonly { readonly name: string; readonly example?: string }[] } }
  >;
}

/** Makes the fleet call whose id is the example of the OpenAPI document. @returns its id. */
export async function documentedFleetCall(http: HttpClient, node: string): Promise<string> {
  const { paths } = (await http.get('/openapi.json')).expect(200).json<Document>();
  const id =
    paths['/v1/fleet_calls/{id}/nodes']?.get.parameters.find(({ name }) => name === 'id')?.example ?? '';
  const body = { id, method: 'second_method', args: { bar: 'meow' }, nodes: [node] };
  (await http.post('/v1/fleet_calls', body)).expect(202);
  return id;
}
