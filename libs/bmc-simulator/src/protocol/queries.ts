import { Refusal } from '../messages/errors.js';
import { childObject, isJsonObject, type JsonObject } from '../tree/json.js';

const KNOWN = new Set(['$expand', '$select', '$top', '$skip', '$filter', 'only', 'excerpt']);

/** How `$expand` chooses links: all, all but those below `Links`, only those. */
export type Expansion = 'all' | 'no-links' | 'links';

export interface Query {
  readonly expansion: Expansion | undefined;
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  readonly skip: number;
}

export function queryOf(parameters: URLSearchParams, root: JsonObject | undefined): Query {
  const features = childObject(root, 'ProtocolFeaturesSupported');
  for (const name of parameters.keys()) {
    const isRefused = name.startsWith('$') ? !KNOWN.has(name) : false;
    if (isRefused || (name === '$filter' && features['FilterQuery'] !== true)) {
      throw notSupported();
    }
  }
  if (parameters.has('$filter')) {
    // Recordings of BMCs may publish it.
    throw notSupported();
  }
  return {
    expansion: expansionOf(parameters.get('$expand'), childObject(features, 'ExpandQuery')),
    select: selectOf(parameters.get('$select'), features['SelectQuery'] === true),
    top: numberOf(parameters, '$top'),
    skip: numberOf(parameters, '$skip') ?? 0,
  };
}

function expansionOf(asked: string | null, features: JsonObject): Expansion | undefined {
  if (asked === null) {
    return undefined;
  }
  const [, sign = '', levels] = /^([.*~])(?:\(\$levels=(\d+)\))?$/.exec(asked) ?? [];
  const kinds = { '*': ['all', 'ExpandAll'], '.': ['no-links', 'NoLinks'], '~': ['links', 'Links'] } as const;
  if (sign !== '*' && sign !== '.' && sign !== '~') {
    throw badParameter('$expand', asked, 'QueryParameterValueFormatError');
  }
  const [kind, feature] = kinds[sign];
  if (features[feature] !== true || (levels !== undefined && features['Levels'] !== true)) {
    throw notSupported();
  }
  const most = typeof features['MaxLevels'] === 'number' ? features['MaxLevels'] : 6;
  if (Number(levels ?? 1) < 1 || Number(levels ?? 1) > most) {
    const text = `${asked} is not within the levels of $expand.`;
    const args = [asked, '$expand', `1-${most}`];
    throw new Refusal(400, { id: 'QueryParameterOutOfRange', text, args });
  }
  return kind;
}

function selectOf(asked: string | null, isSupported: boolean): string[] | undefined {
  if (asked === null) {
    return undefined;
  }
  if (!isSupported) {
    throw notSupported();
  }
  return asked.split(',').map((name) => name.trim());
}

function numberOf(parameters: URLSearchParams, name: string): number | undefined {
  const asked = parameters.get(name);
  if (asked !== null && !/^\d+$/.test(asked)) {
    throw badParameter(name, asked, 'QueryParameterValueTypeError');
  }
  return asked === null ? undefined : Number(asked);
}

/** Only the selected properties of a resource, with those that every resource has. Paths have slashes. */
export function selected(resource: JsonObject, names: readonly string[]): JsonObject {
  const shown: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    const below = names
      .filter((path) => path.startsWith(`${name}/`))
      .map((path) => path.slice(name.length + 1));
    if (names.includes(name) || /^@odata\.(id|type|etag|context)$/.test(name)) {
      shown[name] = value;
    } else if (below.length > 0 && isJsonObject(value)) {
      shown[name] = selected(value, below);
    }
  }
  return shown;
}

function notSupported(): Refusal {
  return new Refusal(501, {
    id: 'QueryNotSupported',
    text: 'Querying is not supported by the implementation.',
  });
}

function badParameter(name: string, value: string, id: string): Refusal {
  return new Refusal(400, { id, text: `${value} is no value of ${name}.`, args: [value, name] });
}
