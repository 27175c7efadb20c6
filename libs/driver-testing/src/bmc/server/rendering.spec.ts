import { type BmcServer, startBmc } from './bmc-server.js';
import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { call, type Reply } from '../spec-client.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const BODY = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' };

let bmc: BmcServer;
beforeEach(async () => {
  bmc = await startBmc();
});
afterEach(() => bmc.close());

const read = (): Promise<Reply> => call(bmc, 'GET', SYSTEMS);
const subscribe = (): Promise<Reply> => call(bmc, 'POST', SUBSCRIPTIONS, { body: BODY });

describe('bodies', () => {
  const html = /text\/html/;
  const json = /application\/json/;
  const cases: [string, Misbehaviours, number, RegExp, (reply: Reply) => boolean][] = [
    ['html200', { html200: 1 }, 200, html, ({ raw }) => raw.includes('<form>')],
    ['html400', { html400: 1 }, 400, html, ({ raw }) => raw.includes('<html>')],
    ['html504', { html504: 1 }, 504, html, ({ raw }) => raw.includes('<html>')],
    ['empty200', { empty200: 1 }, 200, json, ({ raw }) => raw.length === 0],
    ['errorIn200', { errorIn200: 1 }, 200, json, ({ body }) => 'error' in body && !('Members' in body)],
    ['jsonStringError', { jsonStringError: 1 }, 400, json, (reply) => typeof reply.json === 'string'],
    ['arrayError', { arrayError: 1 }, 400, json, (reply) => Array.isArray(reply.json)],
    ['invalidUtf8', { invalidUtf8: 1 }, 200, json, ({ raw }) => raw.includes(0xff)],
    [
      'controlChars',
      { controlChars: 1 },
      200,
      json,
      (reply) => reply.raw.includes(1) && reply.json === undefined,
    ],
    ['byteOrderMark', { byteOrderMark: 1 }, 200, json, ({ raw }) => raw[0] === 0xef],
    ['nulPadding', { nulPadding: 1 }, 200, json, ({ raw }) => raw.at(-1) === 0],
    [
      'truncatedJson',
      { truncatedJson: 1 },
      200,
      json,
      (reply) => reply.json === undefined && reply.raw[0] === 0x7b,
    ],
    [
      'errorThenResource',
      { errorThenResource: 1 },
      200,
      json,
      ({ raw }) => /^\{"error".*"Members"/.test(raw.toString()),
    ],
    ['hugeBody', { hugeBody: 50_000 }, 200, json, ({ raw }) => raw.length > 50_000],
  ];
  it.each(cases)('%s', async (_name, misbehave, status, type, holds) => {
    bmc.misbehave(misbehave);
    const reply = await read();
    expect([reply.status, reply.headers['content-type'], holds(reply)]).toEqual([
      status,
      expect.stringMatching(type),
      true,
    ]);
    bmc.behave();
    expect((await read()).body).toMatchObject({ Members: [{}] });
  });

  it.each([
    ['info-is-object', /"@Message.ExtendedInfo":\{/],
    ['unversioned', /"MessageId":"ResourceMissingAtURI"/],
    ['other-code', /"code":"404","message"/],
    ['json-string', /^"/],
    ['array', /^\[\]$/],
    ['empty', /^$/],
    ['plain-text', /^Nothing lives/],
    ['html', /^<html>/],
  ] as const)('errorShape %s', async (errorShape, pattern) => {
    bmc.misbehave({ errorShape });
    const reply = await call(bmc, 'GET', '/redfish/v1/Nowhere');
    expect([reply.status, reply.raw.toString()]).toEqual([404, expect.stringMatching(pattern)]);
  });

  it.each(['plain-text', 'html', 'json-string', undefined] as const)(
    'quotesRequests, errorShape %s',
    async (errorShape) => {
      bmc.misbehave({ quotesRequests: true, refuseProperties: ['HttpHeaders'], errorShape });
      const HttpHeaders = [{ Authorization: 'planted' }];
      const reply = await call(bmc, 'POST', SUBSCRIPTIONS, { body: { HttpHeaders } });
      expect([reply.status, reply.raw.toString()]).toEqual([
        400,
        expect.stringMatching(/authorization.*Basic .*HttpHeaders.*planted/is),
      ]);
    },
  );

  it('bodyWith204 comes with 200, or behind the head of the 204', async () => {
    await subscribe();
    await subscribe();
    bmc.misbehave({ bodyWith204: true });
    expect(await call(bmc, 'DELETE', `${SUBSCRIPTIONS}/1`)).toMatchObject({
      status: 200,
      json: { Status: 'done' },
    });
    bmc.misbehave({ bodyWith204: 'on-the-wire' });
    // Node's parser takes the body for the head of another answer.
    await expect(call(bmc, 'DELETE', `${SUBSCRIPTIONS}/2`)).rejects.toMatchObject({
      code: 'HPE_INVALID_CONSTANT',
    });
    expect(bmc.subscriptions).toEqual([]);
  });

  it('gzip comes without being asked for', async () => {
    bmc.misbehave({ gzip: true });
    const reply = await read();
    expect([reply.headers['content-encoding'], reply.raw[0], reply.raw[1]]).toEqual(['gzip', 0x1f, 0x8b]);
  });
});
