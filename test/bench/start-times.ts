import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from '../support/http-client.js';
import { type Service } from '../support/service.js';
import { median } from './statistics.js';
import { DataFolder, type ServiceOptions } from './subject.js';

const POLL_MS = 5;

/** Milliseconds from the start of `ferrule serve` to its first 200: median and samples. */
export interface StartTimes {
  /** With an empty folder. */
  readonly cold: number;
  /** With a used folder. */
  readonly warm: number;
  readonly all: { readonly cold: readonly number[]; readonly warm: readonly number[] };
}

export async function measureStarts(
  options: ServiceOptions,
  rounds: number,
  progress: (text: string) => void,
): Promise<StartTimes> {
  const all = { cold: [] as number[], warm: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    progress(`start ${round} of ${rounds}`);
    const folder = await DataFolder.make();
    try {
      all.cold.push(await timeOfStart(folder, options));
      all.warm.push(await timeOfStart(folder, options));
    } finally {
      await folder.delete();
    }
  }
  return { cold: median(all.cold), warm: median(all.warm), all };
}

async function timeOfStart(folder: DataFolder, options: ServiceOptions): Promise<number> {
  const port = await freePort();
  const http = new HttpClient(`http://127.0.0.1:${port}`);
  const start = performance.now();
  const service = folder.spawn(options, port);
  try {
    await firstAnswer(http, service);
    return performance.now() - start;
  } finally {
    http.close();
    await service.stop();
  }
}

/** An open port alone does not show that drivers and database are ready. */
async function firstAnswer(http: HttpClient, service: Service): Promise<void> {
  for (;;) {
    const answer = await http.get('/v1/nodes?limit=1').catch(() => undefined);
    if (answer?.status === 200) return;
    if (service.hasEnded) throw new Error(`The service did not start:\n${service.log}`);
    await delay(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');
  return address.port;
}
