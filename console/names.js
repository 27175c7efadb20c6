import { ask } from './api.js';

const AT_ONCE = 4;

/** Of nodes, by UUID; null for those that have none, or that one may not see. @type {Map<string, string | null>} */
const known = new Map();

/** @param {string | null} uuid */
export function nameOf(uuid) {
  return uuid === null ? null : known.get(uuid);
}

/** @param {readonly (string | null)[]} uuids @param {AbortSignal} signal @returns {Promise<boolean>} whether there are new ones. */
export async function learnNames(uuids, signal) {
  const unknown = [...new Set(uuids)].filter((uuid) => uuid !== null).filter((uuid) => !known.has(uuid));
  const left = [...unknown];
  const worker = async () => {
    for (let uuid = left.pop(); uuid !== undefined; uuid = left.pop()) {
      known.set(uuid, await askName(uuid, signal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return unknown.length > 0;
}

/** @param {string} uuid @param {AbortSignal} signal */
async function askName(uuid, signal) {
  try {
    const node = /** @type {{ name: string | null }} */ (await ask(`v1/nodes/${uuid}?fields=name`, signal));
    return node.name;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}
