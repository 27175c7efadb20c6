import type { RedfishClient } from './client.js';
import type { RedfishClientsOptions } from './options.js';
import type { RedfishTarget } from './target.js';

/** Stub until the parts are there. */
export class RedfishClients {
  constructor(readonly options: RedfishClientsOptions = {}) {}

  client(_target: RedfishTarget): RedfishClient {
    throw new Error('not built yet');
  }

  async destinationAllowed(_url: string): Promise<{ allowed: true } | { allowed: false; reason: string }> {
    throw new Error('not built yet');
  }

  async close(): Promise<void> {
    throw new Error('not built yet');
  }
}
