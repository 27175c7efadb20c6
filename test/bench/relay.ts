import { Agent, createServer, get } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

// The least that a service between a client and a BMC can do: Node's HTTP, and the JSON of the answer read and written.
// The path of a request is the origin of the BMC. Prints its address.
const authorization = `Basic ${Buffer.from('admin:secret-password').toString('base64')}`;
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const origin = decodeURIComponent((request.url ?? '').slice(1));
  const url = `${origin}/redfish/v1/EventService/Subscriptions`;
  const failed = (error: unknown): unknown => response.writeHead(502).end(String(error));
  get(url, { agent, headers: { authorization } }, (answer) => {
    json(answer).then((body) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }, failed);
  }).on('error', failed);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
