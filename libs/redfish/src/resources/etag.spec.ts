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
      memory,
      preferred,
      read: async () => etags[Math.min(reads++, etags.length - 1)],
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

  it.each<[string, (ifMatch: string | undefined) => boolean, (string | undefined)[]]>([
    ['strong', (ifMatch) => ifMatch === '"1"', ['W/"1"', 'W/"1"', '"1"']],
    ['any', (ifMatch) => ifMatch === '*', ['W/"1"', 'W/"1"', '"1"', '*']],
    ['none', (ifMatch) => ifMatch === undefined, ['W/"1"', 'W/"1"', '"1"', '*', undefined]],
  ])('climbs to %s and remembers it', async (form, accepts, climbed) => {
    const { patch, sent, memory } = resource(accepts);
    await patch();
    expect(sent).toEqual(climbed);
    expect(memory.get('etag')).toBe(form);
    sent.length = 0;
    await patch();
    expect(sent).toEqual([climbed.at(-1)]);
  });

  it('does not read when no If-Match is to be sent', async () => {
    const { patch, memory, reads } = resource((ifMatch) => ifMatch === undefined);
    memory.learn('etag', 'none');
    await patch();
    expect(reads()).toBe(0);
  });

  it('sends no If-Match for a resource without ETag, and `*` where one is required', async () => {
    const free = resource(() => true, [undefined]);
    await free.patch();
    expect(free.sent).toEqual([undefined]);
    const strict = resource((ifMatch) => ifMatch !== undefined, [undefined]);
    await strict.patch();
    expect(strict.sent).toEqual([undefined, '*']);
    expect(strict.memory.get('etag')).toBeUndefined();
  });

  it('starts with the form of a quirk', async () => {
    const { patch, sent } = resource((ifMatch) => ifMatch === '"1"');
    await patch('strong');
    expect(sent).toEqual(['"1"']);
  });

  it("gives up with the BMC's refusal", async () => {
    const { patch, sent } = resource(() => false);
    await expect(patch()).rejects.toBeInstanceOf(RedfishPreconditionError);
    expect(sent).toEqual(['W/"1"', 'W/"1"', '"1"', '*', undefined]);
  });

  it('passes any other failure on at once', async () => {
    const memory = new Memory(() => undefined);
    const send = async (): Promise<never> => Promise.reject(new Error('down'));
    await expect(conditionally({ memory, read: async () => '"1"', send })).rejects.toThrow('down');
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
