import { InvalidParameterValue, MissingParameterValue, type SharedTask } from '@ferrule/driver-kit';
import { z } from 'zod';
import { fakeDriverTask, fakeTask } from './fake-task.js';

function circular(): object {
  const parent: Record<string, object> = {};
  return Object.assign(parent, { child: { parent } });
}

describe('fakeTask', () => {
  it('records progress in order', () => {
    const task = fakeTask();
    task.progress({ percent: 10 });
    task.progress({ message: 'half' });
    expect(task.reports).toEqual([{ percent: 10 }, { message: 'half' }]);
  });

  it('has a node with the given members', () => {
    const task = fakeTask({ driver: 'acme', driverInfo: { a: 1 }, node: { name: 'n1', extra: { rack: 7 } } });
    expect(task.node).toMatchObject({ name: 'n1', driver: 'acme', driverInfo: { a: 1 }, extra: { rack: 7 } });
  });

  it('has a caller who may do everything, or one with the given members', () => {
    const everything = {
      name: null,
      projectId: null,
      roles: ['admin'],
      hasSystemScope: true,
      id: null,
      knownBy: 'none',
    };
    expect(fakeTask().caller).toEqual(everything);
    expect(fakeDriverTask({ caller: { name: 'ops' } }).caller).toEqual({ ...everything, name: 'ops' });
  });

  it('merges saved info and removes undefined members', async () => {
    const task = fakeTask({ node: { driverInternalInfo: { a: 1, b: 2 } } });
    await task.saveInternalInfo({ b: undefined, c: [3] });
    expect(task.internalInfo).toEqual({ a: 1, c: [3] });
    expect(task.node.driverInternalInfo).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ['a NUL character', { text: 'a\0' }, 'has a text with a NUL character'],
    ['a number that is none', { items: [Number.NaN] }, 'has the number NaN'],
    ['an object of a class', { when: new Date() }, 'has an object of the class Date'],
    ['an object that contains itself', circular(), 'contains itself'],
  ])('refuses to save %s', async (_, changes, message) => {
    const task = fakeTask();
    await expect(task.saveInternalInfo(changes as never)).rejects.toThrow(message);
    expect(task.internalInfo).toEqual({});
  });

  it('aborts its signal', () => {
    const task = fakeTask();
    const reason = new Error('over');
    task.abort(reason);
    expect(task.signal.reason).toBe(reason);
  });

  it('checks driver_info without naming values', () => {
    const schema = z.object({ address: z.string(), port: z.number() });
    const wrong = fakeTask({ driverInfo: { address: 's3cret', port: 'x' } });
    expect(() => wrong.driverInfo(schema)).toThrow(InvalidParameterValue);
    expect(() => wrong.driverInfo(schema)).toThrow(/^Invalid value set in driver_info\/port on node /);
    expect(() => fakeTask().driverInfo(schema)).toThrow(MissingParameterValue);
    expect(fakeTask({ driverInfo: { address: 'a', port: 1 } }).driverInfo(schema)).toEqual({
      address: 'a',
      port: 1,
    });
  });

  it('has no write access under a shared lock', () => {
    const task: SharedTask = fakeTask({ lock: 'shared', httpMethod: 'GET' });
    expect(task.httpMethod).toBe('GET');
    expect(task).not.toHaveProperty('saveInternalInfo');
    expect(task).not.toHaveProperty('fence');
  });

  it('has no node at the driver level', () => {
    const task = fakeDriverTask({ driver: 'acme' });
    expect(task.driver).toBe('acme');
    expect(task).not.toHaveProperty('node');
  });
});
