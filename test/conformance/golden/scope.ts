import { type Exchange } from './recording.js';

const FOREIGN_DRIVERS = ['redfish', 'ipmi'];
const FOREIGN_NODES = /^(rf-|ipmi-)/;

const UNSERVED: readonly [path: RegExp, reason: string][] = [
  [/\/states\/provision$/, 'provisioning'],
  [/\/vifs$/, 'virtual interfaces'],
  [/\/raid\//, 'RAID'],
  [/^\/v1\/conductors/, 'conductors'],
];

/** The exchanges that are not replayed, with the reason. Steps are replayed or skipped as a whole. */
export function outOfScope(recording: readonly Exchange[]): Map<Exchange, string> {
  const foreign = new Set<string>();
  const byStep = new Map<string, string>();
  for (const exchange of recording) {
    const reason = reasonOf(exchange, foreign);
    if (reason !== undefined) byStep.set(exchange.label, reason);
  }
  const pairs = recording.map((exchange) => [exchange, byStep.get(exchange.label)] as const);
  return new Map(pairs.filter((pair): pair is [Exchange, string] => pair[1] !== undefined));
}

function reasonOf({ request, response }: Exchange, foreign: Set<string>): string | undefined {
  const path = request.path.split('?')[0] ?? '';
  const [, version, collection, name = ''] = path.split('/');
  const ident = name === 'validate' ? (/node(?:_uuid)?=([^&]+)/.exec(request.path)?.[1] ?? '') : name;
  const isForeign =
    (version === 'v1' && collection === 'drivers' && FOREIGN_DRIVERS.includes(name)) ||
    (version === 'v1' && collection === 'nodes' && (FOREIGN_NODES.test(ident) || foreign.has(ident)));
  if (isForeign) return 'redfish and ipmi hardware';
  if (request.method === 'POST' && path === '/v1/nodes' && response.status === 201) {
    const node = JSON.parse(response.body) as { uuid: string; driver: string };
    if (FOREIGN_DRIVERS.includes(node.driver)) {
      foreign.add(node.uuid);
      return 'redfish and ipmi hardware';
    }
  }
  return UNSERVED.find(([pattern]) => pattern.test(path))?.[1];
}
