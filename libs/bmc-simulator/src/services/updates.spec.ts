import { createHash } from 'node:crypto';
import { call, useBmc, type Reply } from '../client.spec-support.js';

const PATH = '/redfish/v1/UpdateService/upload';
const FILE = 'firmware\r\n\r\n--not-the-boundary';

interface Parts {
  readonly parameters?: string;
  readonly parametersType?: string;
  readonly file?: string;
}

function bodyOf({ parameters, parametersType = 'application/json', file }: Parts): string {
  const part = (disposition: string, type: string, content: string): string =>
    `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  return [
    parameters === undefined ? '' : part('name="UpdateParameters"', parametersType, parameters),
    file === undefined ? '' : part('name="UpdateFile"; filename="a.bin"', 'application/octet-stream', file),
    '--b--\r\n',
  ].join('');
}

describe('MultipartHttpPushUri', () => {
  const lab = useBmc();
  const upload = async (rawBody: string, type = 'multipart/form-data; boundary=b'): Promise<Reply> =>
    call(lab.bmc, 'POST', PATH, { rawBody, headers: { 'Content-Type': type } });

  it('is told by the UpdateService and takes a file with its parameters', async () => {
    const { body } = await call(lab.bmc, 'GET', '/redfish/v1/UpdateService');
    expect(body['MultipartHttpPushUri']).toBe(PATH);
    const reply = await upload(bodyOf({ parameters: '{"Targets":[]}', file: FILE }));
    expect(reply.status).toBe(202);
    expect(lab.bmc.requests.at(-1)?.upload).toEqual({
      parameters: { Targets: [] },
      filename: 'a.bin',
      size: FILE.length,
      sha256: createHash('sha256').update(FILE).digest('hex'),
    });
  });

  it.each([
    ['a missing file', bodyOf({ parameters: '{}' }), 400, 'PropertyMissing'],
    ['missing parameters', bodyOf({ file: FILE }), 400, 'PropertyMissing'],
    ['parameters that are no JSON', bodyOf({ parameters: '{', file: FILE }), 400, 'MalformedJSON'],
    ['an unknown parameter', bodyOf({ parameters: '{"Colour":1}', file: FILE }), 400, 'PropertyUnknown'],
    [
      'an unknown target',
      bodyOf({ parameters: '{"Targets":["/x"]}', file: FILE }),
      400,
      'PropertyValueNotInList',
    ],
    ['a body without an end', '--b\r\nContent-Disp', 400, 'UnrecognizedRequestBody'],
    [
      'a part of another type',
      bodyOf({ parameters: '{}', parametersType: 'text/plain', file: FILE }),
      415,
      'GeneralError',
    ],
  ])('refuses %s', async (_what, body, status, id) => {
    const reply = await upload(body);
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply.body)).toContain(id);
  });

  it('refuses another type of body', async () => {
    expect((await upload(FILE, 'application/octet-stream')).status).toBe(415);
    expect((await upload('{}', 'application/json')).status).toBe(415);
  });

  it('has no other verbs', async () => {
    expect((await call(lab.bmc, 'GET', PATH)).status).toBe(404);
  });
});
