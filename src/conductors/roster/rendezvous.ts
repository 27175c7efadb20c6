import { createHash } from 'node:crypto';

/*
 * Rendezvous hashing: of the conductors that can serve a node, the one whose name with the node's UUID has the largest hash.
 * When one comes or goes, no node moves between the others. The filter of node lists has the same in SQL.
 */

/** Undefined without hosts. */
export function chosenHost(hosts: readonly string[], uuid: string): string | undefined {
  return hosts.length <= 1 ? hosts[0] : rankedHosts(hosts, uuid)[0];
}

/** The chosen one first, then the one that is chosen without it, and so on. */
export function rankedHosts(hosts: readonly string[], uuid: string): readonly string[] {
  return hosts
    .map((host) => ({ host, weight: createHash('sha256').update(`${host}/${uuid}`).digest() }))
    .sort((one, other) => Buffer.compare(other.weight, one.weight))
    .map(({ host }) => host);
}
