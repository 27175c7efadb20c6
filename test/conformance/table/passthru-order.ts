import { EMPTY, having, type Row, uuid } from '../row.js';

const NODE = '/v1/nodes/node-1/vendor_passthru';
const FAKE: Row['nodes'] = [{ vendor_interface: 'fake' }];

const call = (name: string, request: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '5.3',
  call: request.replace(' /', ` ${NODE}/`),
  status,
  ...more,
});

const untouched: Row['after'] = {
  path: '/v1/nodes/node-1?fields=reservation,last_error',
  body: having({ reservation: null, last_error: null }),
};
const held: Row['after'] = {
  path: '/v1/nodes/node-1?fields=reservation',
  body: having({ reservation: 'other-conductor' }),
};

const NEEDY = ['third_method_sync', 'second_method', 'fourth_method_shared_lock'];
const EMPTY_BARS = [{}, { bar: null }, { bar: '' }, { bar: 0 }, { bar: false }];

export const passthruOrder: readonly Row[] = [
  ...NEEDY.flatMap((method) =>
    EMPTY_BARS.map((json) =>
      call(`${method} with ${JSON.stringify(json)}`, `POST /${method}`, 400, {
        nodes: FAKE,
        json,
        says: /bar/,
        after: untouched,
      }),
    ),
  ),
  ...NEEDY.map((method) =>
    call(`${method} with an argument too many`, `POST /${method}`, 400, {
      nodes: FAKE,
      json: { bar: 'x', extra: 'y' },
      says: /extra/,
      after: untouched,
      section: '5.7',
    }),
  ),
  call('an argument of a wrong type', 'POST /sleep', 400, {
    json: { seconds: 'long' },
    says: /seconds/,
    after: untouched,
  }),
  call('an argument out of its range', 'POST /sleep', 400, { json: { seconds: -1 }, says: /seconds/ }),
  call('every wrong argument is named', 'POST /sleep', 400, {
    json: { seconds: 'x', more: 1 },
    says: /seconds.*more/s,
  }),

  call('locked: an exclusive method', 'POST /third_method_sync', 409, {
    nodes: FAKE,
    isLocked: true,
    json: { bar: 'meow' },
    says: new RegExp(`${uuid(1)}.*other-conductor`),
    // python-ironicclient crashes on this header.
    answers: { 'retry-after': null },
    after: held,
    section: '5.8',
  }),
  call('locked: an exclusive asynchronous method', 'POST /second_method', 409, {
    nodes: FAKE,
    isLocked: true,
    json: { bar: 'x' },
    after: held,
    section: '5.8',
  }),
  call('locked: a shared method', 'POST /echo', 200, { isLocked: true, json: {}, section: '5.8' }),
  call('locked: a shared asynchronous method', 'POST /fourth_method_shared_lock', 202, {
    nodes: FAKE,
    isLocked: true,
    json: { bar: 'woof' },
    body: EMPTY,
    after: held,
    section: '5.8',
  }),
  call('locked: an unknown method is 400', 'POST /nosuch', 400, { isLocked: true, json: {}, after: held }),
  call('locked: a wrong verb is 400', 'GET /work', 400, { isLocked: true, after: held }),
  call('locked: a missing argument is 400', 'POST /second_method', 400, {
    nodes: FAKE,
    isLocked: true,
    json: {},
    after: held,
  }),
  call('locked: a malformed body is 400', 'POST /work', 400, { isLocked: true, raw: '{', after: held }),
  call('locked: a bad query is 400', 'POST /work?x=1', 400, { isLocked: true, after: held }),
  call('an exclusive method leaves no lock', 'POST /work', 200, {
    json: { milliseconds: 0 },
    body: { peak: 1, nodes: 1, fence: expect.stringMatching(/^\d+$/) },
    after: untouched,
    section: '5.8',
  }),
  call('a method that exceeds its time limit', 'POST /sleep_sync', 504, {
    json: { seconds: 60 },
    says: /time limit/,
    section: '5.8',
  }),
  call('an unknown node precedes an unknown method', 'POST /nosuch', 404, {
    call: 'POST /v1/nodes/nosuch/vendor_passthru/nosuch',
    json: {},
  }),
  call('a malformed body precedes an unknown node', 'POST /nosuch', 400, {
    call: 'POST /v1/nodes/nosuch/vendor_passthru/nosuch',
    raw: '{',
  }),
];
