import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../bmc.spec-support.js';
import { RedfishError, RedfishResponseError } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const HERE = { path: 'Systems/1' };

describe('an answer', () => {
  const lab = useBmc({}, {}, async ({ client }) => client.get(SYSTEM));

  it.each<[string, Misbehaviours]>([
    ['bytes that are not UTF-8', { invalidUtf8: HERE }],
    ['raw control characters', { controlChars: HERE }],
    ['a byte order mark', { byteOrderMark: HERE }],
    ['NULs at its end', { nulPadding: HERE }],
    ['a compression nobody asked for', { gzip: true }],
    ['a broken error in front of the resource', { errorThenResource: HERE }],
    ['one byte at a time', { slowBytes: { ...HERE, ms: 0 } }],
    ['Connection: close', { connectionClose: true }],
    ['406 for Accept-Encoding', { identityRefused: HERE }],
  ])('with %s is read', async (_what, switches) => {
    lab.bmc.misbehave(switches);
    expect((await lab.client.get(SYSTEM)).body).toMatchObject({ '@odata.id': SYSTEM, Id: '1' });
  });

  it.each<[string, Misbehaviours, number, string]>([
    ['a web page with 200', { html200: HERE }, 200, 'a web page'],
    ['nothing with 200', { empty200: HERE }, 200, 'empty'],
    ['an error with 200', { errorIn200: HERE }, 200, 'an error inside'],
    ['half of its JSON', { truncatedJson: HERE }, 200, 'no valid JSON'],
  ])(
    'with %s is an error that names URL, status and content type',
    async (_what, switches, status, words) => {
      lab.bmc.misbehave(switches);
      const error = await failureOf(lab.client.get(SYSTEM));
      expect(error).toBeInstanceOf(RedfishResponseError);
      expect(error).toMatchObject({ status, url: lab.bmc.address + SYSTEM, method: 'GET' });
      expect(String(error)).toContain(`GET ${lab.bmc.address}${SYSTEM} answered ${status} (`);
      expect(String(error)).toContain(words);
    },
  );

  it.each<[string, Misbehaviours, string, number]>([
    ['a web page with 400', { html400: HERE }, 'validation', 400],
    ['a web page with 504', { html504: HERE }, 'service', 504],
    ['a JSON string with 400', { jsonStringError: HERE }, 'validation', 400],
    ['[] with 400', { arrayError: HERE }, 'validation', 400],
  ])('of %s keeps the class of its status', async (_what, switches, code, status) => {
    lab.bmc.misbehave(switches);
    const error = await failureOf(lab.client.get(SYSTEM));
    expect(error).toBeInstanceOf(RedfishError);
    expect(error).toMatchObject({ code, status });
    expect(String(error)).not.toMatch(/<html|<!doctype/i);
  });

  it('larger than the cap is given up', async () => {
    await lab.reopen({ maxBody: 10_000 });
    lab.bmc.misbehave({ hugeBody: 100_000 });
    const error = await failureOf(lab.client.get(SYSTEM));
    expect(error).toMatchObject({
      code: 'response',
      message: expect.stringContaining('larger than 10000 bytes'),
    });
  });

  it('is limited after decompression, too', async () => {
    await lab.reopen({ maxBody: 10_000 });
    lab.bmc.misbehave({ hugeBody: 1_000_000, gzip: true });
    expect(await failureOf(lab.client.get(SYSTEM))).toMatchObject({ code: 'response' });
  });

  it('to a write may have a body or none, whatever its status promises', async () => {
    const subscription = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: '' };
    for (const createAnswer of ['200', '200-empty', '204', '201-bare'] as const) {
      lab.bmc.misbehave({ createAnswer });
      const reply = await lab.client.post(SUBSCRIPTIONS, { ...subscription, Context: createAnswer });
      expect(String(reply.status)).toBe(createAnswer.slice(0, 3));
    }
    lab.bmc.behave();
    lab.bmc.misbehave({ bodyWith204: true });
    const [member = ''] = await lab.client.members(SUBSCRIPTIONS);
    expect((await lab.client.delete(member)).status).toBe(200);
    lab.bmc.misbehave({ bodyWith204: 'on-the-wire' });
    const [next = ''] = await lab.client.members(SUBSCRIPTIONS);
    expect((await lab.client.delete(next)).status).toBe(204);
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });

  it('is JSON from a BMC that needs OData-Version', async () => {
    lab.bmc.misbehave({ needsODataVersion: true });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });
});
