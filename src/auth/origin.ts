import { type Request } from 'express';
import { networkOf } from '../http/limits/network-of.js';

/** With which others a request shares a limit: those of its caller, or of its network. */
export function originOf({ caller: { id, projectId }, ip }: Request): string {
  return id === null ? networkOf(ip) : `${projectId ?? ''} ${id}`;
}
