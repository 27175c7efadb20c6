import { Turns } from './turns.js';

const never = new AbortController().signal;

function held(): { readonly done: Promise<void>; release(): void } {
  let release = (): void => {};
  const done = new Promise<void>((resolve) => (release = resolve));
  return { done, release };
}

it('runs work at one BMC in the order of asking, and at others meanwhile', async () => {
  const turns = new Turns(0);
  const begun: string[] = [];
  const first = held();
  const all = [
    turns.take('a', never, async () => {
      begun.push('a1');
      await first.done;
    }),
    turns.take('a', never, async () => void begun.push('a2')),
    turns.take('a', never, async () => void begun.push('a3')),
  ];
  await turns.take('b', never, async () => void begun.push('b1'));
  expect(begun).toEqual(['a1', 'b1']);
  first.release();
  await Promise.all(all);
  expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
});

it('lets the next one begin after a failure', async () => {
  const turns = new Turns(0);
  const failing = turns.take('a', never, () => Promise.reject(new Error('It failed.')));
  const next = turns.take('a', never, async () => 'done');
  await expect(failing).rejects.toThrow('It failed.');
  expect(await next).toBe('done');
});

it('forgets who was aborted while waiting, and does not begin for an aborted one', async () => {
  const turns = new Turns(0);
  const first = held();
  const running = turns.take('a', never, () => first.done);
  const controller = new AbortController();
  const waiting = turns.take('a', controller.signal, async () => 'begun');
  const last = turns.take('a', never, async () => 'last');
  controller.abort(new Error('Nobody waits.'));
  await expect(waiting).rejects.toThrow('Nobody waits.');
  await expect(turns.take('a', controller.signal, async () => 'begun')).rejects.toThrow('Nobody waits.');
  first.release();
  await running;
  expect(await last).toBe('last');
});

it('pauses between two commands, until the pause or the call ends', async () => {
  const turns = new Turns(60_000);
  await turns.take('a', never, async () => {});
  const controller = new AbortController();
  let hasBegun = false;
  const pausing = turns.take('a', controller.signal, async () => {
    hasBegun = true;
  });
  const refused = expect(pausing).rejects.toThrow('It is stopped.');
  await turns.take('b', never, async () => {});
  expect(hasBegun).toBe(false);
  controller.abort(new Error('It is stopped.'));
  await refused;
  expect(hasBegun).toBe(false);
});

it('begins after the pause', async () => {
  const turns = new Turns(1);
  await turns.take('a', never, async () => {});
  expect(await turns.take('a', never, async () => 'begun')).toBe('begun');
});
