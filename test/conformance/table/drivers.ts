import { having, links, type Row } from '../row.js';

const summary = {
  name: 'fake-hardware',
  hosts: ['cond-a'],
  links: links('drivers/fake-hardware'),
  properties: links('drivers/fake-hardware/properties'),
  type: 'dynamic',
};

const KINDS: Readonly<Record<string, number>> = {
  boot: 30,
  console: 30,
  deploy: 30,
  inspect: 30,
  management: 30,
  network: 30,
  power: 30,
  raid: 30,
  vendor: 30,
  storage: 33,
  rescue: 38,
  bios: 40,
  firmware: 86,
};

const DEFAULTS: Readonly<Record<string, string>> = { network: 'noop', storage: 'noop' };

function interfaces(version: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(KINDS)
      .filter(([, since]) => since <= version)
      .flatMap(([kind]) => [
        [`default_${kind}_interface`, DEFAULTS[kind] ?? 'fake'],
        [`enabled_${kind}_interfaces`, expect.arrayContaining([DEFAULTS[kind] ?? 'fake'])],
      ]),
  );
}

const oldSummary = { name: summary.name, hosts: summary.hosts, links: summary.links };

const list = (name: string, query: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '3.1',
  call: `GET /v1/drivers${query}`,
  status,
  ...more,
});

const show = (name: string, path: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '3.2',
  call: `GET /v1/drivers/${path}`,
  status,
  ...more,
});

export const drivers: readonly Row[] = [
  list('the list', '', 200, { body: { drivers: [summary] } }),
  list('at 1.1 it has three keys', '', 200, { version: 1, body: { drivers: [oldSummary] } }),
  list('at 1.13 there are no properties', '', 200, { version: 13, body: { drivers: [oldSummary] } }),
  list('from 1.14 on there are properties', '', 200, {
    version: 14,
    body: { drivers: [{ ...oldSummary, properties: summary.properties }] },
  }),
  list('at 1.29 there is no type', '', 200, {
    version: 29,
    body: { drivers: [{ ...oldSummary, properties: summary.properties }] },
  }),
  list('type=dynamic is all', '?type=dynamic', 200, { body: { drivers: [summary] } }),
  list('type=classic finds nothing', '?type=classic', 200, { body: { drivers: [] } }),
  list('type=wrong', '?type=wrong', 400),
  list('an empty type', '?type=', 400),
  list('type at 1.29', '?type=dynamic', 406, { version: 29 }),
  list('the details', '?detail=true', 200, { body: { drivers: [{ ...summary, ...interfaces(109) }] } }),
  list('the details at 1.85', '?detail=True', 200, {
    version: 85,
    body: { drivers: [{ ...summary, ...interfaces(85) }] },
  }),
  list('no details', '?detail=false', 200, { body: { drivers: [summary] } }),
  list('detail=banana', '?detail=banana', 400),
  list('detail at 1.29', '?detail=true', 406, { version: 29 }),
  list('detail=false at 1.29', '?detail=false', 406, { version: 29 }),
  list('some fields', '?fields=name,hosts', 200, { body: { drivers: [oldSummary] } }),
  list('fields in capitals, with blanks, twice', '?fields=NAME,%20hosts,name', 200, {
    body: { drivers: [oldSummary] },
  }),
  list('no fields leave the links', '?fields=', 200, { body: { drivers: [{ links: summary.links }] } }),
  list('fields that only details have', '?fields=name,default_vendor_interface', 200, {
    body: { drivers: [{ name: 'fake-hardware', links: summary.links, default_vendor_interface: 'fake' }] },
  }),
  list('fields=nosuch', '?fields=nosuch', 400, { says: /nosuch/ }),
  list('fields at 1.76', '?fields=name', 406, { version: 76 }),
  list('a field of a later version', '?fields=default_firmware_interface', 400, { version: 85 }),
  list('fields and details', '?fields=name&detail=true', 400),
  list('fields and no details', '?fields=name&detail=false', 200),
  ...['limit=1', 'marker=x', 'sort_key=name', 'nosuch=1'].map((query) =>
    list(`there is no ${query}`, `?${query}`, 400, { says: new RegExp(query.split('=')[0] ?? '') }),
  ),

  show('one driver has its interfaces', 'fake-hardware', 200, { body: { ...summary, ...interfaces(109) } }),
  ...[30, 32, 33, 37, 38, 39, 40, 85, 86].map((version) =>
    show(`its interfaces at 1.${version}`, 'fake-hardware', 200, {
      version,
      body: { ...summary, ...interfaces(version) },
    }),
  ),
  show('at 1.1', 'fake-hardware', 200, { version: 1, body: oldSummary }),
  show('some fields', 'fake-hardware?fields=enabled_vendor_interfaces', 200, {
    body: {
      links: summary.links,
      enabled_vendor_interfaces: ['fake', 'fake-options', 'no-vendor'],
    },
  }),
  show('fields=nosuch', 'fake-hardware?fields=nosuch', 400),
  show('fields at 1.76', 'fake-hardware?fields=name', 406, { version: 76 }),
  show('there is no detail', 'fake-hardware?detail=true', 400),
  show('an unknown driver', 'nosuch', 404, {
    says: /^Could not find the following driver\(s\) or hardware type\(s\): nosuch\./,
  }),
  show('driver names are case-sensitive', 'Fake-Hardware', 404),
  show('an unknown path below a driver', 'fake-hardware/nosuch', 404),

  {
    name: 'properties of driver_info',
    section: '3.3',
    call: 'GET /v1/drivers/fake-hardware/properties',
    version: 1,
    status: 200,
    body: having({ B1: expect.any(String), B2: expect.any(String) }),
  },
  {
    name: 'properties of an unknown driver',
    section: '3.3',
    call: 'GET /v1/drivers/nosuch/properties',
    status: 404,
    says: /^The driver 'nosuch' is unknown\.$/,
  },
  {
    name: 'properties take no arguments',
    section: '3.3',
    call: 'GET /v1/drivers/fake-hardware/properties?x=1',
    status: 400,
  },
];
