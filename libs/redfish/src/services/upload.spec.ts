import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { RedfishAccessError, RedfishTask, RedfishValidationError } from '../index.js';
import { failureOf, until, useBmc } from '../bmc.spec-support.js';

const PATH = '/redfish/v1/UpdateService/upload';
const IMAGE = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const SHA = createHash('sha256').update(IMAGE).digest('hex');

async function* pieces(of: Buffer = IMAGE, size = 7_919): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += size) yield of.subarray(at, at + size);
}

describe('an upload', () => {
  const lab = useBmc({ timeouts: { connect: 1_000, firstByte: 300, total: 2_000 } });
  const uploads = () => lab.bmc.requests.filter(({ path }) => path === PATH);

  it.each([
    ['bytes', { file: IMAGE }, '300'],
    ['a stream of a known size', { file: pieces(), size: IMAGE.length }, '300'],
    ['a stream of an unknown size', { file: pieces() }, undefined],
  ])('sends %s', async (_what, file, length) => {
    const parameters = { Targets: ['/redfish/v1/UpdateService/FirmwareInventory/BMC'] };
    const reply = await lab.client.upload(PATH, { parameters, ...file, filename: 'bmc 1.bin' });
    expect(reply.body).toMatchObject({});
    const [sent] = uploads();
    expect(sent?.upload).toEqual({ parameters, filename: 'bmc 1.bin', size: IMAGE.length, sha256: SHA });
    expect(sent?.headers['content-length']?.slice(0, 3)).toBe(length);
    expect(sent?.headers['transfer-encoding']).toBe(length === undefined ? 'chunked' : undefined);
  });

  it('begins a task', async () => {
    const upload = { parameters: {}, file: IMAGE };
    const task = await lab.client.start({ method: 'POST', path: PATH, upload });
    expect(task).toBeInstanceOf(RedfishTask);
    if (task instanceof RedfishTask) await task.wait();
    expect(lab.bmc.resource('/redfish/v1/UpdateService/FirmwareInventory/BMC')).toMatchObject({
      Version: '2.0.0',
    });
  });

  it('shows what the BMC refuses', async () => {
    const error = await failureOf(lab.client.upload(PATH, { parameters: { Colour: 'red' }, file: IMAGE }));
    expect(error).toBeInstanceOf(RedfishValidationError);
    expect(error).toMatchObject({ properties: ['Colour'] });
  });

  it('is sent once, whatever the answer', async () => {
    await lab.client.system();
    for (const misbehaviour of [
      { notReady: { kind: '503', times: 1, path: 'upload' } } as const,
      { spurious401: { path: 'upload', times: 1 } },
      { identityRefused: { path: 'upload', times: 1 } },
      { redirectOnPost: { status: 307, to: 'slash' } } as const,
      { resetOnce: { when: 'before-effect', path: 'upload' } } as const,
      { neverAnswers: { path: 'upload' } },
    ]) {
      lab.bmc.misbehave(misbehaviour);
      lab.bmc.forget();
      await failureOf(lab.client.upload(PATH, { parameters: {}, file: pieces() }));
      expect(uploads()).toHaveLength(1);
      lab.bmc.behave();
    }
  });

  it('logs in again with the next call after a 401', async () => {
    await lab.client.system();
    lab.bmc.expireSessions();
    expect(await failureOf(lab.client.upload(PATH, { parameters: {}, file: IMAGE }))).toBeInstanceOf(
      RedfishAccessError,
    );
    expect((await lab.client.get('/redfish/v1/Systems')).status).toBe(200);
  });

  it('ends with the reason of its signal, and ends the source', async () => {
    await lab.client.system();
    const aborting = new AbortController();
    let isEnded = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (let count = 0; ; count += 1) {
          if (count === 5) aborting.abort(new Error('enough'));
          yield IMAGE;
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        isEnded = true;
      }
    }
    const { signal } = aborting;
    const failure = await failureOf(lab.client.upload(PATH, { parameters: {}, file: endless() }, { signal }));
    expect(failure).toMatchObject({ message: 'enough' });
    await until(() => isEnded);
  });

  it('closes a stream of which nothing was read', async () => {
    const file = Readable.from(pieces());
    const failure = await failureOf(lab.client.upload('https://192.0.2.9/x', { parameters: {}, file }));
    expect(failure).toMatchObject({ code: 'foreign-link' });
    expect(file.destroyed).toBe(true);
  });

  it('throws what its source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield IMAGE;
      throw new RangeError('The disk is gone.');
    }
    const failure = await failureOf(lab.client.upload(PATH, { parameters: {}, file: broken() }));
    expect(failure).toBeInstanceOf(RangeError);
    expect(uploads()).toEqual([]);
  });

  it.each([IMAGE.length - 1, IMAGE.length + 1])('fails if the source has not its %i bytes', async (size) => {
    const failure = await failureOf(lab.client.upload(PATH, { parameters: {}, file: pieces(), size }));
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        /^The file has (?:more than the|only \d+ of the) \d+ bytes that were announced\.$/,
      ),
    });
    expect(uploads()).toEqual([]);
  });

  it('fails if its source stops', async () => {
    async function* stopping(): AsyncGenerator<Uint8Array> {
      yield IMAGE;
      await new Promise(() => undefined);
    }
    expect(await failureOf(lab.client.upload(PATH, { parameters: {}, file: stopping() }))).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/^The source of the upload of POST .* gave nothing for 300 ms\.$/),
    });
  });

  it('waits longer for the answer than for a piece', async () => {
    lab.bmc.misbehave({ firstByteDelay: { path: 'upload', ms: 600 } });
    expect((await lab.client.upload(PATH, { parameters: {}, file: IMAGE })).status).toBe(200);
  });
});
