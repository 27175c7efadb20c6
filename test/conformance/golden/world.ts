import { type Answer, type Ask } from '../../support/http-client.js';
import { type Exchange, headerOf, RECORDED_BASE, RECORDED_MAXIMUM } from './recording.js';

const MAXIMUM = 109;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Request headers to replay; the HTTP library sets the others. */
const SENT = [
  'accept',
  'content-type',
  'x-openstack-ironic-api-version',
  'openstack-api-version',
  'x-auth-token',
];

/** Translates nodes, addresses and versions from the recording to the replay. */
export class World {
  private readonly nodes = new Map<string, string>();

  constructor(private readonly base: string) {}

  request({ request }: Exchange): { verb: string; path: string; ask: Ask } {
    const { method: verb, path, headers, body, body_base64 } = request;
    const sent = headers.filter(([name]) => SENT.includes(name.toLowerCase()));
    const raw = body_base64 === undefined ? this.translate(body ?? '') : Buffer.from(body_base64, 'base64');
    return {
      verb,
      path: this.translate(path),
      ask: {
        version: '',
        headers: Object.fromEntries(sent.map(([name, value]) => [name, askedVersion(name, value)])),
        ...(raw.length > 0 ? { raw } : {}),
      },
    };
  }

  learn({ request, response }: Exchange, answer: Answer): void {
    if (request.method !== 'POST' || response.status !== 201 || answer.status !== 201) return;
    const there = (JSON.parse(response.body) as { uuid: string }).uuid;
    this.nodes.set(there, answer.json<{ uuid: string }>().uuid);
  }

  has(uuid: string): boolean {
    return [...this.nodes.values()].includes(uuid);
  }

  translate(text: string): string {
    return text.replaceAll(RECORDED_BASE, this.base).replaceAll(UUID, (uuid) => this.nodes.get(uuid) ?? uuid);
  }

  version(text: string): string {
    return text === `1.${RECORDED_MAXIMUM}` ? `1.${MAXIMUM}` : text;
  }
}

function askedVersion(name: string, value: string): string {
  if (!name.toLowerCase().endsWith('api-version')) return value;
  return value.replace(`1.${RECORDED_MAXIMUM + 1}`, `1.${MAXIMUM + 1}`);
}

export function asksForLatest({ request }: Exchange): boolean {
  return headerOf(request.headers, 'x-openstack-ironic-api-version')?.toLowerCase() === 'latest';
}
