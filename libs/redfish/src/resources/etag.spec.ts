import { RedfishPreconditionError } from '../errors.js';
import { conditionally, strongEtag } from './etag.js';
import { Memory } from '../quirks/memory.js';

function resource(
  accepts: (ifMatch: string | undefined) => boolean,
  etags: (string | undefined)[] = ['W/"1"'],
) {
  const memory = new Memory(() => undefined);
  const sent: (string | undefined)[] = [];
  let reads = 0;
  const patch = async (preferred?: 'strong'): Promise<string> =>
    conditionally({
      path: '/x',
      memory,
      preferred,
      read: async () => ({ header: etags[Math.min(reads++, etags.length - 1)], body: '"b"' }),
      send: async (ifMatch) => {
        sent.push(ifMatch);
        if (!accepts(ifMatch)) throw new RedfishPreconditionError('412');
        return 'done';
      },
    });
  return { memory, sent, patch, reads: () => reads };
}

describe('conditionally', () => {
  it('sends a fresh ETag as it came and learns nothing', async () => {
    const { patch, sent, memory } = resource((ifMatch) => ifMatch === 'W/"1"');
    expect(await patch()).toBe('done');
    expect(sent).toEqual(['W/"1"']);
    expect(memory.get('etag')).toBeUndefined();
  });

  it('re-reads after a change in between, and does not take that for a quirk', async () => {
    const { patch, sent, memory } = resource((ifMatch) => ifMatch === '"2"', ['"1"', '"2"']);
    await patch();
    expect(sent).toEqual(['"1"', '"2"']);
    expect(memory.get('etag')).toBeUndefined();
  });

  it.each<[string, string | undefined, string | undefined]>([
    ['body', 'body', '"b"'],
    ['strong', 'strong', '"1"'],
    ['bare', 'bare', '1'],
    ['any', undefined, '*'],
    ['none', undefined, undefined],
  ])('climbs to %s and remembers it; for the whole BMC: %s', async (_form, learned, accepted) => {
    const { patch, sent, memory } = resource((ifMatch) => ifMatch === accepted);
    const ladder = ['W/"1"', 'W/"1"', '"b"', '"1"', '1', '*', undefined];
    const climbed = ladder.slice(0, ladder.indexOf(accepted) + 1);
    await patch();
    expect(sent).toEqual(climbed);
    expect(memory.get('etag')).toBe(learned);
    sent.length = 0;
    await patch();
    expect(sent).toEqual([climbed.at(-1)]);
  });

  it('does not read when no If-Match is to be sent', async () => {
    const { patch, memory, reads } = resource((ifMatch) => ifMatch === undefined);
    memory.learnEtag('/x', 'none', false);
    await patch();
    expect(reads()).toBe(0);
  });

  it('sends no If-Match for a resource without ETag, and `*` where one is required', async () => {
    const memory = new Memory(() => undefined);
    const sent: (string | undefined)[] = [];
    const patch = async (isRequired: boolean): Promise<void> =>
      conditionally({
        path: '/x',
        memory,
        read: async () => ({}),
        send: async (ifMatch) => {
          sent.push(ifMatch);
          if (isRequired && ifMatch === undefined) throw new RedfishPreconditionError('428');
        },
      });
    await patch(false);
    expect(sent.splice(0)).toEqual([undefined]);
    await patch(true);
    expect(sent).toEqual([undefined, '*']);
    expect(memory.get('etag')).toBeUndefined();
  });

  it('starts with the form of a quirk', async () => {
    const { patch, sent } = resource((ifMatch) => ifMatch === '"1"');
    await patch('strong');
    expect(sent).toEqual(['"1"']);
  });

  it("gives up with the BMC's refusal", async () => {
    const { patch, sent } = resource(() => false);
    await expect(patch()).rejects.toBeInstanceOf(RedfishPreconditionError);
    expect(sent).toEqual(['W/"1"', 'W/"1"', '"b"', '"1"', '1', '*', undefined]);
  });

  it('passes any other failure on at once', async () => {
    const memory = new Memory(() => undefined);
    const send = async (): Promise<never> => Promise.reject(new Error('down'));
    await expect(
      conditionally({ path: '/x', memory, read: async () => ({ header: '"1"' }), send }),
    ).rejects.toThrow('down');
  });
});

it.each([
  ['W/"1"', '"1"'],
  ['w/"1"', '"1"'],
  ['"1"', '"1"'],
  ['""1""', '"1"'],
  ['1', '"1"'],
  ['W/1', '"1"'],
])('makes %s strong: %s', (etag, strong) => {
  expect(strongEtag(etag)).toBe(strong);
});
