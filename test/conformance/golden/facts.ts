import { type Mismatch } from './comparison.js';
import { type Exchange, headerOf } from './recording.js';

export function status({ where, recorded, actual }: Mismatch, from: number, to: number): boolean {
  return where === 'status' && recorded === from && actual === to;
}

export function isVersionHeader({ where }: Mismatch): boolean {
  return where.startsWith('header:x-openstack-ironic-api-');
}

export function isCall({ request }: Exchange): boolean {
  return /\/vendor_passthru([/?]|$)/.test(request.path);
}

export function argumentsOf({ request }: Exchange): string[] {
  try {
    const sent: unknown = JSON.parse(request.body ?? '');
    return typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? Object.keys(sent) : [];
  } catch {
    return [];
  }
}

export function query({ request }: Exchange): URLSearchParams {
  return new URL(request.path, 'http://h').searchParams;
}

export function standardVersion({ request }: Exchange): string | undefined {
  return headerOf(request.headers, 'openstack-api-version');
}
