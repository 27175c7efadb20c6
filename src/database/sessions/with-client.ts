import { type Connection, poolConfig, type PoolOptions } from './connection.js';
import { GuardedClient } from './guarded-client.js';

export async function withClient<T>(
  connection: Connection,
  options: Omit<PoolOptions, 'max' | 'min'>,
  work: (client: GuardedClient) => Promise<T>,
): Promise<T> {
  const client = new GuardedClient(poolConfig(connection, { ...options, max: 1 }));
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.hangUp();
  }
}
