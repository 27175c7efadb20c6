import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type HttpClient } from '../support/http-client.js';
import { call, watchedNode } from '../support/passthru.js';

const HUNG_MS = 40_000;
const SOON_MS = 90_000;
const PAUSE_MS = 20;

/** Undefined if the connection broke; rejects if the call hangs. */
export async function hold(
  http: HttpClient,
  node: string,
  id: string,
  milliseconds = 0,
  method = 'watch',
): Promise<Answer | undefined> {
  const signal = AbortSignal.timeout(HUNG_MS + milliseconds);
  const path = `/v1/nodes/${node}/vendor_passthru/${method}`;
  try {
    return await http.post(path, { id, milliseconds }, { signal });
  } catch (error) {
    if (signal.aborted) throw new Error(`The call ${id} was not answered.`, { cause: error });
    return undefined;
  }
}

/** Repeats the call under another name until the node is free. */
export async function holdSoon(http: HttpClient, node: string, id: string): Promise<Answer> {
  const deadline = Date.now() + SOON_MS;
  for (let turn = 0; Date.now() < deadline; turn++) {
    const answer = await hold(http, node, `${id}-${turn}`);
    if (answer?.status === 200) return answer;
    if (answer && ![409, 500, 503].includes(answer.status)) answer.expect(200);
    await delay(PAUSE_MS);
  }
  throw new Error(`The node could not be had in ${SOON_MS} ms.`);
}

export { call, watchedNode };
