import { EventEmitter } from 'node:events';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { firstValueFrom, from } from 'rxjs';
import { ANYONE } from './caller.js';
import { ListQueue, ListTurns } from './list-turns.js';

describe('lists', () => {
  let begun: string[];
  let ends: (() => void)[];
  let turns: ListTurns;
  beforeEach(() => {
    [begun, ends] = [[], []];
    turns = new ListTurns(new ListQueue({ length: 3, wait: Infinity }));
  });

  class Client extends EventEmitter {
    closed = false;
    writableFinished = false;
    constructor(readonly ip: string) {
      super();
    }

    ask(name: string): Promise<unknown> {
      const context = new ExecutionContextHost([{ caller: ANYONE, ip: this.ip }, this]);
      const list = (): Promise<string> => {
        begun.push(name);
        return new Promise((resolve) => ends.push(() => resolve(name)));
      };
      const asked = firstValueFrom(turns.intercept(context, { handle: () => from(list()) }));
      return asked.catch((error: unknown) => error);
    }

    leave(): void {
      this.closed = true;
      this.emit('close');
    }
  }

  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('are made two at a time, for the addresses in turn', async () => {
    const [many, few] = [new Client('192.0.2.1'), new Client('192.0.2.2')];
    const asked = [...['a1', 'a2', 'a3', 'a4'].map((name) => many.ask(name)), few.ask('b1')];
    expect(begun).toEqual(['a1', 'a2']);
    for (let ended = 0; ended < 5; ended++) await end();
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'a4']);
    expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('are not made for a client that has left', async () => {
    const [patient, leaving] = [new Client('192.0.2.1'), new Client('192.0.2.2')];
    void patient.ask('a1');
    void patient.ask('a2');
    const left = leaving.ask('b1');
    const stayed = patient.ask('a3');
    leaving.leave();
    expect(await left).toMatchObject({ code: 'ClientGone' });
    await end();
    await end();
    expect(begun).toEqual(['a1', 'a2', 'a3']);
    await end();
    expect(await stayed).toBe('a3');
  });

  it('are 503 when too many wait', async () => {
    const client = new Client('192.0.2.1');
    const asked = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((name) => client.ask(name));
    const refused = await asked[5];
    expect(refused).toMatchObject({ status: 503, code: 'ListsBusy', headers: { 'Retry-After': '10' } });
    for (let ended = 0; ended < 5; ended++) await end();
    expect(await Promise.all(asked.slice(0, 5))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  });
});
