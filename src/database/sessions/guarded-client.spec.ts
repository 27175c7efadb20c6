import { GuardedClient } from './guarded-client.js';

describe('GuardedClient', () => {
  it('passes an error on to whoever listens, and drops it when nobody does', () => {
    const client = new GuardedClient();
    const seen: Error[] = [];
    client.on('error', (error) => seen.push(error));
    client.emit('error', new Error('first'));
    client.removeAllListeners();
    client.emit('error', new Error('second'));
    expect(seen.map(({ message }) => message)).toEqual(['first']);
  });
});
