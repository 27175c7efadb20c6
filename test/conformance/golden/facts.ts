import { type Mismatch } from './comparison.js';
import { type Exchange, headerOf } from './recording.js';

/** The status was one and is the other. */
export function status({ where, recorded, actual }: Mismatch, from: number, to: number): boolean {
  return where === 'status' && recorded === from && actual === to;
}

/** One of the three headers that tell versions. */
export function isVersionHeader({ where }: Mismatch): boolean {
  return where.startsWith('header:x-openstack-ironic-api-');
}

/** A call of a passthru method, or of none. */
export function isCall({ request }: Exchange): boolean {
  return /\/vendor_passthru([/?]|$)/.test(request.path);
}

/** The members of the JSON that was sent; none when it was no object. */
export function argumentsOf({ request }: Exchange): string[] {
  try {
    const sent: unknown = JSON.parse(request.body ?? '');
    return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? Object.keys(sent) : [];
  } catch {
    return [];
  }
}

/** The parameters of the path. */
export function query({ request }: Exchange): URLSearchParams {
  return new URL(request.path, 'http://h').searchParams;
}

/** What the standard header asks for. */
export function standardVersion({ request }: Exchange): string | undefined {
  return headerOf(request.headers, 'openstack-api-version');
}
