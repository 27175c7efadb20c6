import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { call, type Reply, SUBSCRIPTIONS, useBmc } from '../client.spec-support.js';

const lab = useBmc();

describe('bodies', () => {
  const html = /text\/html/;
  const json = /application\/json/;
  const cases: [string, Misbehaviours, number, RegExp, (reply: Reply) => boolean][] = [
    ['html200', { html200: 1 }, 200, html, ({ raw }) => raw.includes('<form>')],
    ['html400', { html400: 1 }, 400, html, ({ raw }) => raw.includes('<html>')],
    ['doneBut500', { doneBut500: 1 }, 500, json, ({ raw }) => raw.includes('InternalError')],
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
    lab.bmc.misbehave(misbehave);
    const reply = await lab.read();
    expect([reply.status, reply.headers['content-type'], holds(reply)]).toEqual([
      status,
      expect.stringMatching(type),
      true,
    ]);
    lab.bmc.behave();
    expect((await lab.read()).body).toMatchObject({ Members: [{}] });
  });

  it.each([
    ['info-is-object', /"@Message.ExtendedInfo":\{/],
    ['unversioned', /"MessageId":"ResourceMissingAtURI"/],
    ['other-code', /"code":"404","message"/],
    ['json-string', /^"/],
    ['array', /^\[\]$/],
    ['empty', /^$/],
    ['plain-text', /^There is no resource/],
    ['html', /^<html>/],
  ] as const)('errorShape %s', async (errorShape, pattern) => {
    lab.bmc.misbehave({ errorShape });
    const reply = await call(lab.bmc, 'GET', '/redfish/v1/Nowhere');
    expect([reply.status, reply.raw.toString()]).toEqual([404, expect.stringMatching(pattern)]);
  });

  it.each(['plain-text', 'html', 'json-string', undefined] as const)(
    'quotesRequests, errorShape %s',
    async (errorShape) => {
      lab.bmc.misbehave({ quotesRequests: true, refuseProperties: ['HttpHeaders'], errorShape });
      const HttpHeaders = [{ Authorization: 'planted' }];
      const reply = await call(lab.bmc, 'POST', SUBSCRIPTIONS, { body: { HttpHeaders } });
      expect([reply.status, reply.raw.toString()]).toEqual([
        400,
        expect.stringMatching(/authorization.*Basic .*HttpHeaders.*planted/is),
      ]);
    },
  );

  it('bodyWith204 comes with 200, or behind the head of the 204', async () => {
    await lab.subscribe();
    await lab.subscribe();
    lab.bmc.misbehave({ bodyWith204: true });
    expect(await call(lab.bmc, 'DELETE', `${SUBSCRIPTIONS}/1`)).toMatchObject({
      status: 200,
      json: { Status: 'done' },
    });
    lab.bmc.misbehave({ bodyWith204: 'on-the-wire' });
    // Node's parser takes the body for the head of another answer.
    await expect(call(lab.bmc, 'DELETE', `${SUBSCRIPTIONS}/2`)).rejects.toMatchObject({
      code: 'HPE_INVALID_CONSTANT',
    });
    expect(lab.bmc.subscriptions).toEqual([]);
  });

  it('gzip is sent although it was not accepted', async () => {
    lab.bmc.misbehave({ gzip: true });
    const reply = await lab.read();
    expect([reply.headers['content-encoding'], reply.raw[0], reply.raw[1]]).toEqual(['gzip', 0x1f, 0x8b]);
  });
});
