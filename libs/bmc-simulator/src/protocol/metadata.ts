import { isJsonObject, type JsonObject, linkOf, stringOf } from '../tree/json.js';
import { ROOT } from '../tree/layout.js';
import { type ResourceTree } from '../tree/tree.js';

export const ODATA = `${ROOT}/odata`;
export const METADATA = `${ROOT}/$metadata`;

const SCHEMAS = 'http://redfish.dmtf.org/schemas/v1';

export function serviceDocumentOf(tree: ResourceTree): JsonObject {
  const root = tree.get(ROOT) ?? {};
  const value = Object.entries(root).flatMap(([name, item]) => {
    const url = linkOf(item);
    return url === undefined ? [] : [{ name, kind: 'Singleton', url }];
  });
  return {
    '@odata.context': METADATA,
    value: [{ name: 'Service', kind: 'Singleton', url: `${ROOT}/` }, ...value],
  };
}

/** The OData metadata: references to the schemas of the resources that are there. */
export function metadataOf(tree: ResourceTree): string {
  const types = tree.paths().map((path) => typeOf(tree.get(path)));
  const versioned = [...new Set(types.filter((type) => type !== undefined))].sort();
  const references = versioned.map((type) => {
    const [name = type] = type.split('.');
    const namespaces = [...new Set([name, type])].map((each) => `    <edmx:Include Namespace="${each}"/>`);
    return [`  <edmx:Reference Uri="${SCHEMAS}/${name}_v1.xml">`, ...namespaces, '  </edmx:Reference>'].join(
      '\n',
    );
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">',
    ...references,
    '  <edmx:DataServices>',
    '    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Service">',
    '      <EntityContainer Name="Service" Extends="ServiceRoot.v1_0_0.ServiceContainer"/>',
    '    </Schema>',
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
    '',
  ].join('\n');
}

export function schemaLink(resource: JsonObject): Record<string, string> {
  const type = typeOf(resource);
  return type === undefined ? {} : { Link: `<${SCHEMAS}/${type}.json>; rel=describedby` };
}

/** `ComputerSystem.v1_12_0` for `#ComputerSystem.v1_12_0.ComputerSystem`. */
function typeOf(resource: JsonObject | undefined): string | undefined {
  const type = stringOf(isJsonObject(resource) ? resource['@odata.type'] : undefined);
  return type?.replace(/^#/, '').split('.').slice(0, -1).join('.') || undefined;
}
