import { createHash } from 'node:crypto';

/*
 * Rendezvous hashing: of the conductors that can serve a node, the one whose name with the node's UUID has the largest hash.
 * When one comes or goes, no node moves between the others. The filter of node lists has the same in SQL.
 */

/** Undefined without hosts. */
export function chosenHost(hosts: readonly string[], uuid: string): string | undefined {
  if (hosts.length <= 1) return hosts[0];
  let chosen: { readonly host: string; readonly weight: Buffer } | undefined;
  for (const host of hosts) {
    const weight = createHash('sha256').update(`${host}/${uuid}`).digest();
    if (chosen === undefined || Buffer.compare(weight, chosen.weight) > 0) chosen = { host, weight };
  }
  return chosen?.host;
}
