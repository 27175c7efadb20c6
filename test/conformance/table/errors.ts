import { type Row } from '../row.js';

const DEEP = `{"extra": ${'['.repeat(30)}${']'.repeat(30)}, "driver": "fake-hardware"}`;

const malformed = ['{"password": "hunter2"', 'password=hunter2', '{"password": \'hunter2\'}'];

const endpoints = [
  'POST /v1/nodes',
  'PATCH /v1/nodes/node-1',
  'PUT /v1/nodes/node-1/maintenance',
  'POST /v1/nodes/node-1/vendor_passthru/echo',
  'POST /v1/drivers/fake-hardware/vendor_passthru/driver_info',
];

export const errors: readonly Row[] = [
  ...endpoints.flatMap((call) =>
    malformed.map((raw): Row => ({
      name: `${call} with ${raw} is malformed, and the text does not quote it`,
      section: '2.5',
      call,
      raw,
      status: 400,
      says: /^(?!.*hunter2)/s,
    })),
  ),
  ...endpoints.map((call): Row => ({
    name: `${call} with bytes that are not UTF-8`,
    section: '2.5',
    call,
    raw: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
    status: 400,
  })),
  ...endpoints.flatMap((call) =>
    [String.raw`{"a": {"b": "x\u0000"}}`, String.raw`{"a": {"b": "\ud83d"}}`].map((raw): Row => ({
      name: `${call} with ${raw}, which cannot be stored`,
      section: '2.5',
      call,
      raw,
      status: 400,
      says: /at a\.b/,
    })),
  ),
  ...endpoints.map((call): Row => ({
    name: `${call} with 10,001 items`,
    section: '2.5',
    call,
    raw: JSON.stringify({ a: Array.from({ length: 10_000 }, () => 1) }),
    status: 400,
    says: /more than 10000 members and items/,
  })),
  ...['%00', 'a%00b'].flatMap((text) =>
    [
      [`GET /v1/nodes/${text}`, 400],
      [`GET /v1/nodes?name=${text}`, 400],
      [`GET /v1/nodes?owner=${text}`, 400],
      [`GET /v1/nodes?a${text}=x`, 400],
      [`GET /v1/jobs/${text}`, 404],
      [`GET /v1/jobs?node=${text}`, 400],
      [`GET /v1/drivers/${text}`, 404],
      [`POST /v1/nodes/node-1/vendor_passthru/${text}`, 400],
      [`GET /v1/nodes/node-1/vendor_passthru/echo?${text}=x`, 400],
      [`GET /v1/nodes/node-1/vendor_passthru/echo?a=${text}`, 400],
      [`PUT /v1/nodes/node-1/maintenance?reason=${text}`, 400],
    ].map(([call, status]): Row => ({
      name: `a NUL in ${call}`,
      section: '4.1',
      call: String(call),
      status: Number(status),
    })),
  ),
  ...[String.raw`"\u0000"`, String.raw`"\ud83d"`].map((json): Row => ({
    name: `an argument ${json} in the query`,
    section: '5.2',
    call: `GET /v1/nodes/node-1/vendor_passthru/echo?a=${encodeURIComponent(json)}`,
    status: 400,
  })),
  { name: 'nesting has a limit', section: '2.2', call: 'POST /v1/nodes', raw: DEEP, status: 400 },
  {
    name: 'a body has a limit',
    section: '2.2',
    call: 'POST /v1/nodes',
    raw: `{"driver": "${'x'.repeat(1_048_577)}"}`,
    status: 413,
  },
  {
    name: 'Accept does not change the envelope',
    section: '2.2',
    call: 'GET /v1/nodes/node-9',
    headers: { Accept: 'text/html' },
    status: 404,
  },
  {
    name: 'an invalid percent encoding',
    section: '4.1',
    call: 'GET /v1/nodes/%ff',
    status: 400,
  },
  ...(
    [
      ['PUT /v1/nodes', 'DELETE, GET, PATCH, POST'],
      ['PUT /v1/nodes/node-1', 'DELETE, GET, PATCH'],
      ['POST /v1/nodes/node-1', 'DELETE, GET, PATCH'],
      ['GET /v1/nodes/node-1/maintenance', 'DELETE, PUT'],
      ['POST /v1/nodes/node-1/validate', 'GET'],
      ['POST /v1/nodes/node-1/states', 'GET'],
      ['POST /v1/drivers', 'GET'],
      ['DELETE /v1/drivers/fake-hardware', 'GET'],
      ['PUT /v1/drivers/fake-hardware/properties', 'GET'],
      ['POST /v1/jobs', 'GET'],
    ] as const
  ).map(([call, allow]): Row => ({
    name: `${call} is not allowed, and ${allow} is`,
    section: '2.3',
    call,
    status: 405,
    answers: { allow },
  })),
  ...['DELETE', 'PATCH'].map((verb): Row => ({
    name: `${verb} without a node`,
    section: '4.8',
    call: `${verb} /v1/nodes`,
    json: [],
    status: 400,
  })),
  ...['/v1/nodes', '/v1/nodes/node-1', '/v1/drivers', '/v1/nodes/node-1/vendor_passthru/echo'].map(
    (path): Row => ({
      name: `HEAD ${path} is not allowed`,
      section: '4.8',
      call: `HEAD ${path}`,
      status: 405,
    }),
  ),
];
