import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { BadArguments, Bench, type BenchOptions, failureOf } from '../../test/bench.js';

const BYTES = Buffer.alloc(200_000, 'firmware');
const LOOPBACK = { imageNetworks: '127.0.0.0/8' };

let bmc: BmcServer;
let bench: Bench;
let server: Server;
let asked: IncomingMessage[] = [];
let serve: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  serve = (_request, response) => {
    response.setHeader('Content-Length', BYTES.length);
    response.end(BYTES);
  };
  server = createServer((request, response) => {
    asked.push(request);
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bmc = await startBmc();
});

afterEach(async () => {
  await bench.close();
  await bmc.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = (path = '/images/bmc.bin') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const uploads = () => bmc.requests.flatMap(({ upload }) => upload ?? []);

async function update(
  args = {},
  options: BenchOptions = { settings: LOOPBACK },
): Promise<Record<string, unknown>> {
  bench = new Bench(bmc, options);
  return bench.ask('update_firmware', { image: url(), upload: true, ...args });
}

describe('update_firmware with upload', () => {
  it('reads the image and sends it to the BMC', async () => {
    const targets = ['/redfish/v1/UpdateService/FirmwareInventory/BIOS'];
    const done = await update({
      image: url('/images/bmc.bin?signature=planted'),
      targets,
      apply_time: 'Immediate',
    });
    expect(done).toMatchObject({ image: url(), state: 'Completed' });
    expect(asked[0]?.url).toBe('/images/bmc.bin?signature=planted');
    expect(uploads()).toEqual([
      {
        parameters: { Targets: targets, '@Redfish.OperationApplyTime': 'Immediate' },
        filename: 'bmc.bin',
        size: BYTES.length,
        sha256: createHash('sha256').update(BYTES).digest('hex'),
      },
    ]);
    expect(bench.progress[0]?.message).toMatch(/^Sent .* of 0.2 MiB of the image$/);
  });

  it('takes the words of command line clients', async () => {
    expect(await update({ upload: 'true' })).toMatchObject({ state: 'Completed' });
  });

  it('has the account of the server, and sends it nowhere else', async () => {
    await update({ username: 'reader', password: 'planted-secret' });
    const basic = Buffer.from('reader:planted-secret').toString('base64');
    expect(asked[0]?.headers.authorization).toBe(`Basic ${basic}`);
    expect(JSON.stringify(bmc.requests)).not.toContain('planted-secret');
  });

  it('sends an image of unknown size, too', async () => {
    serve = (_request, response) => {
      response.write(BYTES);
      response.end();
    };
    await update();
    expect(uploads()).toMatchObject([{ size: BYTES.length }]);
  });

  it('reads no image unless the operator names networks, and none outside of them', async () => {
    expect(await failureOf(update({}, {}))).toMatchObject({
      status: 400,
      message: expect.stringContaining('FERRULE_REDFISH_IMAGE_NETWORKS'),
    });
    await bench.close();
    const settings = { imageNetworks: '192.0.2.0/24' };
    expect(await failureOf(update({}, { settings }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('not an address this service may connect to'),
    });
    expect(asked).toEqual([]);
  });

  it('does not read it where the BMC takes no uploads', async () => {
    bmc.change('/redfish/v1/UpdateService', { MultipartHttpPushUri: '' });
    expect(await failureOf(update())).toMatchObject({
      code: 'UnsupportedDriverExtension',
      message: expect.stringContaining('takes no uploads of firmware'),
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['is not there', () => 404, ''],
    ['is at another server', () => 302, 'https://elsewhere.example/bmc.bin'],
    ['is nowhere after a redirect', (at: string) => (at.startsWith('/a') ? 302 : 404), '/b?key=planted'],
  ])('fails for an image that %s, without the query', async (_what, status, Location) => {
    serve = (request, response) => {
      response.writeHead(status(request.url ?? ''), { Location });
      response.end();
    };
    const failure = await failureOf(update({ image: url('/a?signature=planted') }));
    expect(failure).toMatchObject({
      status: 400,
      message: expect.stringMatching(/^The image cannot be fetched: /),
    });
    expect(failure.message).not.toContain('planted');
    expect(uploads()).toEqual([]);
  });

  it('has a path with two slashes at its beginning', async () => {
    await update({ image: url('//bmc.bin') });
    expect(asked.map((request) => request.url)).toEqual(['//bmc.bin']);
  });

  it.each([
    ['a web page', 200, 'text/html; charset=utf-8', '<html>', 'answers with text/html; charset=utf-8'],
    ['empty', 200, 'application/octet-stream', '', 'it is empty'],
    ['a part of it', 206, 'application/octet-stream', 'part', 'answers with status 206'],
    ['not there yet', 202, 'application/octet-stream', 'soon', 'answers with status 202'],
  ])('refuses an image that is %s', async (_what, status, type, body, words) => {
    serve = (_request, response) => {
      response.writeHead(status, { 'Content-Type': type });
      response.flushHeaders();
      response.end(body);
    };
    expect(await failureOf(update())).toMatchObject({
      status: 400,
      code: 'InvalidParameterValue',
      message: expect.stringContaining(words),
    });
    expect(uploads()).toEqual([]);
  });

  it('fails for an image that breaks off', async () => {
    serve = (_request, response) => {
      response.setHeader('Content-Length', BYTES.length);
      response.write(BYTES.subarray(0, 1_000), () => response.destroy());
    };
    expect(await failureOf(update())).toMatchObject({
      message: expect.stringMatching(/^The image cannot be fetched: /),
    });
    expect(uploads()).toEqual([]);
  });

  it('names the image server where that stops', async () => {
    serve = (_request, response) => {
      response.write(BYTES.subarray(0, 1_000));
    };
    const clients = { timeouts: { firstByte: 600 } };
    expect(await failureOf(update({}, { settings: LOOPBACK, clients }))).toMatchObject({
      status: 400,
      message: `The image cannot be fetched: The answer to GET ${url()} stopped for 300 ms.`,
    });
    expect(uploads()).toEqual([]);
  });

  it('stops reading when it is aborted', async () => {
    serve = (_request, response) => {
      response.write(BYTES.subarray(0, 1_000));
    };
    bench = new Bench(bmc, { settings: LOOPBACK });
    const aborting = new AbortController();
    const ended = failureOf(bench.call('update_firmware', { image: url(), upload: true }, aborting.signal));
    while (bench.progress.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = new Promise((resolve) => asked[0]?.socket.once('close', resolve));
    aborting.abort(new Error('enough'));
    expect((await ended).message).toBe('enough');
    await closed;
    expect(uploads()).toEqual([]);
  });

  it('is for http and https', async () => {
    expect(await failureOf(update({ image: 'nfs://192.0.2.1/a' }))).toBeInstanceOf(BadArguments);
  });
});
