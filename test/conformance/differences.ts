import { type Difference } from './difference.js';
import { argumentsOf, isCall, isVersionHeader, query, standardVersion, status } from './golden/facts.js';
import { headerOf } from './golden/recording.js';

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'one form of error',
    ironic: 'The router’s own errors (404, 405, 406) carry `code`, `title`, `description`.',
    ferrule: 'Every error carries `faultcode`, `faultstring`, `debuginfo`.',
    reason: 'Clients read `faultstring` first; one form is enough.',
    explains: ({ where, recorded, actual }) =>
      where === 'form' &&
      recorded === 'code,description,title' &&
      actual === 'debuginfo,faultcode,faultstring',
  },
  {
    name: 'versions on every answer',
    ironic: 'No version headers on `/`, OPTIONS and the router’s errors.',
    ferrule:
      'The three version headers are on every answer of the API, except where the requested version is refused.',
    reason: 'Clients use them to choose a lower version; newer releases of Ironic negotiate at `/`, too.',
    explains: (mismatch, { response, request }) =>
      isVersionHeader(mismatch) &&
      mismatch.recorded === undefined &&
      (request.path === '/' || request.method === 'OPTIONS' || [0, 400, 404, 405].includes(response.status)),
  },
  {
    name: 'standard version header',
    ironic: '21.4 ignores `OpenStack-API-Version`.',
    ferrule: 'It is used, and takes precedence over the older header.',
    reason: 'As in newer releases; openstacksdk and gophercloud send it.',
    explains: (mismatch, exchange) =>
      /^baremetal /i.test(standardVersion(exchange) ?? '') &&
      (isVersionHeader(mismatch) || status(mismatch, 200, 406)),
  },
  {
    name: 'empty version header',
    ironic: '406.',
    ferrule: 'As if it were absent: 1.1.',
    reason: 'As in newer releases.',
    explains: (mismatch, { request, response }) =>
      headerOf(request.headers, 'x-openstack-ironic-api-version') === '' &&
      response.status === 406 &&
      (isVersionHeader(mismatch) || status(mismatch, 406, 200)),
  },
  {
    name: 'resources that are not served',
    ironic: '`/v1` and nodes link to volumes and others.',
    ferrule: 'A node’s `volume` is an empty list, and `/v1` has no link to what is not served.',
    reason: 'Links lead only to what exists.',
    explains: ({ where, actual }, { request }) =>
      (actual === undefined || JSON.stringify(actual) === '[]') &&
      (/^\/v1\/?$/.test(request.path) ? where.startsWith('body:') : /^body:(.*\.)?volume\b/.test(where)),
  },
  {
    name: 'malformed bodies are 400',
    ironic: '500 for bodies that are not JSON, or not an object where one is required.',
    ferrule: '400.',
    reason: 'It is a client error, as Ironic’s documentation says.',
    explains: (mismatch, exchange) => status(mismatch, 500, 400) && argumentsOf(exchange).length === 0,
  },
  {
    name: 'JSON without a Content-Type',
    ironic: '400: the body is read as a query.',
    ferrule: 'It is read as JSON.',
    reason: 'All bodies of the API are JSON.',
    explains: (mismatch, exchange) =>
      headerOf(exchange.request.headers, 'content-type') === undefined &&
      argumentsOf(exchange).length > 0 &&
      (status(mismatch, 400, 200) || status(mismatch, 400, 201)),
  },
  {
    name: 'all of Unicode',
    ironic: '500 where the database’s character set lacks a character.',
    ferrule: 'It is stored.',
    reason: 'PostgreSQL stores UTF-8.',
    explains: (mismatch, { request }) => status(mismatch, 500, 201) && /\\ud83d/.test(request.body ?? ''),
  },
  {
    name: 'reserved argument names are 400',
    ironic:
      '500 for arguments called `task`, `method`, `http_method` or `self`, and for `context` at the driver level.',
    ferrule: '400.',
    reason: 'It is a client error.',
    explains: (mismatch, exchange) =>
      isCall(exchange) &&
      argumentsOf(exchange).some((name) => ['task', 'method', 'http_method', 'self'].includes(name)) &&
      status(mismatch, 500, 400),
  },
  {
    name: 'arguments called `__proto__` are 400',
    ironic: 'They are passed on like any other.',
    ferrule: '400, also for members of arguments.',
    reason: 'The library that checks arguments would drop them silently.',
  },
  {
    name: 'surplus arguments are 400',
    ironic: 'A method that does not know an argument fails when it runs: 500, or 202 and `last_error`.',
    ferrule: '400 before the lock is taken, except by Ironic’s own Redfish methods, which ignore them.',
    reason: 'The arguments’ schema is known beforehand.',
    explains: (mismatch, exchange) =>
      isCall(exchange) &&
      argumentsOf(exchange).join() === 'bar,extra' &&
      (status(mismatch, 500, 400) || status(mismatch, 202, 400)),
  },
  {
    name: 'arguments of GET in the query',
    ironic: '400: arguments are accepted only in the body.',
    ferrule: 'GET and DELETE take them from the query, too.',
    reason: 'Many clients and proxies drop the body of a GET, `baremetal` among them.',
    explains: (mismatch, exchange) =>
      ['GET', 'DELETE'].includes(exchange.request.method) &&
      isCall(exchange) &&
      query(exchange).size > 0 &&
      status(mismatch, 400, 200),
  },
  {
    name: 'no silent query arguments',
    ironic: 'A query argument whose name is in the body, too, is dropped.',
    ferrule: '400, as for any other query argument of a POST.',
    reason: 'Two values for one argument are a client error.',
    explains: (mismatch, exchange) =>
      exchange.request.method === 'POST' &&
      isCall(exchange) &&
      argumentsOf(exchange).some((name) => query(exchange).has(name)) &&
      status(mismatch, 200, 400),
  },
  {
    name: 'attachments are sent',
    ironic: 'The connection is closed without an answer.',
    ferrule: '200 with the bytes, their Content-Type and a Content-Disposition.',
    reason: 'This is the purpose of `attach`, which has been broken in Ironic since 2020.',
    explains: (mismatch, { request, response }) =>
      response.status === 0 && /download$/.test(request.path) && status(mismatch, 0, 200),
  },
  {
    name: 'Location of the job',
    ironic: 'The outcome of an accepted call is visible only in `last_error`.',
    ferrule: '202 names the job in its Location; `/v1/jobs` has state, progress, result and error.',
    reason: 'Callers need the result of an asynchronous call.',
    explains: ({ where, recorded, actual }, { response }) =>
      where === 'header:location' &&
      response.status === 202 &&
      recorded === undefined &&
      /\/v1\/jobs\/[0-9a-f-]{36}$/.test(String(actual)),
  },
  {
    name: 'jobs can be cancelled',
    ironic: 'An accepted call cannot be stopped.',
    ferrule: '`DELETE /v1/jobs/<id>` cancels its job, queued or running.',
    reason: 'A call that was a mistake, or that hangs, must not block its node for hours.',
  },
  {
    name: 'calls can be repeated',
    ironic: 'A repeated call is made again.',
    ferrule:
      'With an `Idempotency-Key` it gets the answer or the job of the first one; `Ferrule-Job-Id` chooses the id of a job.',
    reason: 'A client whose answer was lost cannot know whether the hardware was touched.',
  },
  {
    name: 'calls can be tried',
    ironic: 'A call can only be made.',
    ferrule: '`?dry_run=true` answers what would become of it, and does nothing.',
    reason: 'Before an action that cannot be taken back.',
  },
  {
    name: 'calls can wait for a lock',
    ironic: 'A call on a locked node is 409 after three tries.',
    ferrule:
      'With `wait=<seconds>` in the query or in `Prefer` it stands in line; without, it is 409 as there.',
    reason: 'Callers that try again by themselves overtake each other, and some never get the lock.',
  },
  {
    name: 'HEAD is 405',
    ironic: '400 where passthru is called.',
    ferrule: '405.',
    reason: 'Passthru methods cannot have that verb.',
    explains: (mismatch, exchange) =>
      exchange.request.method === 'HEAD' && isCall(exchange) && status(mismatch, 400, 405),
  },
  {
    name: 'GET of a power change is 405',
    ironic: '500.',
    ferrule: '405.',
    reason: 'The path has no such verb; the state is in `states`.',
    explains: (mismatch, { request }) =>
      request.method === 'GET' && request.path.endsWith('/states/power') && status(mismatch, 500, 405),
  },
  {
    name: 'power changes are jobs',
    ironic: 'The outcome is visible only in `power_state` and `last_error`.',
    ferrule:
      'So it is, and the answer names the job in `Ferrule-Job-Id`, which can be awaited and cancelled.',
    reason: 'One way for all that happens to hardware.',
  },
  {
    name: 'unknown paths are 404',
    ironic: '400 or 500 for an unknown path below a node or a method.',
    ferrule: '404.',
    reason: 'The path does not exist.',
    explains: (mismatch, { request }) =>
      (status(mismatch, 400, 404) && request.path.endsWith('/nonesuch')) ||
      (status(mismatch, 500, 404) && request.path.endsWith('/more')),
  },
  {
    name: 'Allow lists the true verbs',
    ironic: 'A node’s `Allow` has POST, although that is 400; OPTIONS has no `Allow`.',
    ferrule: '`Allow` has the verbs of the path.',
    reason: 'RFC 9110.',
    explains: ({ where, recorded, actual }, { request }) =>
      where === 'header:allow' &&
      (request.method === 'OPTIONS'
        ? recorded === undefined
        : recorded === 'DELETE, GET, PATCH, POST' && actual === 'DELETE, GET, PATCH'),
  },
  {
    name: 'a driver’s own interfaces',
    ironic: '`fake-hardware` accepts every enabled interface.',
    ferrule: 'A hardware type accepts only the interfaces that it declares.',
    reason: 'A vendor interface of another hardware type cannot work with the node’s BMC.',
    explains: (mismatch, { request }) =>
      status(mismatch, 201, 400) && /"vendor_interface": "ipmitool"/.test(request.body ?? ''),
  },
  {
    name: 'fields of drivers in lists',
    ironic: '400 for `fields=default_…_interface` in the list, though not for one driver.',
    ferrule: 'They are shown.',
    reason: 'These fields are valid for one driver, too.',
    explains: (mismatch, exchange) =>
      exchange.request.path.startsWith('/v1/drivers/?') &&
      /_interface/.test(query(exchange).get('fields') ?? '') &&
      status(mismatch, 400, 200),
  },
  {
    name: 'fields given in parts',
    ironic: '21.4 refuses a repeated `fields`.',
    ferrule: 'The values are joined to one list.',
    reason: 'As in newer releases.',
    explains: (mismatch, exchange) =>
      query(exchange).getAll('fields').length > 1 && status(mismatch, 400, 200),
  },
  {
    name: 'unknown fields are 400',
    ironic: '500 in lists of nodes.',
    ferrule: '400.',
    reason: 'It is a client error.',
    explains: (mismatch, exchange) =>
      query(exchange).get('fields') === 'nonesuch' && status(mismatch, 500, 400),
  },
  {
    name: 'next keeps every filter',
    ironic: 'The link to the next page drops most filters and names fields that were not requested.',
    ferrule: 'It has exactly the parameters of the current page.',
    reason: 'Otherwise the next page would belong to another list.',
    explains: ({ where }, exchange) => where === 'body:next' && query(exchange).has('limit'),
  },
  {
    name: 'order of missing values',
    ironic: 'In descending order, nodes without the value come last (MariaDB).',
    ferrule: 'They come first.',
    reason: 'PostgreSQL sorts so, also under Ironic.',
    explains: ({ where }, exchange) =>
      where.startsWith('body:nodes.') && query(exchange).get('sort_key') === 'name',
  },
  {
    name: 'PATCH shows no lock',
    ironic: 'The answer to PATCH shows the lock of the PATCH itself as `reservation`.',
    ferrule: '`reservation` is null again.',
    reason: 'The lock is released when the answer arrives.',
    explains: ({ where, actual }, { request }) =>
      request.method === 'PATCH' && where === 'body:reservation' && actual === null,
  },
  {
    name: 'firmware is validated',
    ironic: '21.4 has no firmware interface.',
    ferrule: '`validate` includes it, like every kind.',
    reason: 'As in newer releases, at every version.',
    explains: ({ where, recorded }, { request }) =>
      /\/validate(\?|$)/.test(request.path) && where === 'body:firmware' && recorded === undefined,
  },
  {
    name: 'log_passthrough',
    ironic: '21.4’s fake vendor interface has three methods.',
    ferrule: 'It has four.',
    reason: 'As in newer releases.',
    explains: ({ where, recorded }) => where === 'body:log_passthrough' && recorded === undefined,
  },
  {
    name: 'more keys are secret',
    ironic:
      'Shows the values of `api_key`, `authorization`, `credential`, `passwd`, `pin`, `community`, `http_headers`, `ipmi_hex_kg_key`, and keys such as `encryption_key`, `license_key` and `ssh_key`.',
    ferrule: 'They are masked, also in lists inside these objects.',
    reason: 'Each of them gives access to a BMC.',
  },
  {
    name: 'last_error is hidden in states',
    ironic:
      '`GET /v1/nodes/<node>/states` shows `last_error` to callers without `baremetal:node:get:last_error`.',
    ferrule: 'It is hidden there, too.',
    reason: 'The permission would protect nothing.',
  },
  {
    name: 'hidden nulls are shown',
    ironic: 'A caller who may not see `reservation` or `last_error` gets a notice even if the value is null.',
    ferrule: 'The value null is shown.',
    reason: 'Clients wait until `reservation` is null, and take every text in `last_error` for a failure.',
  },
  {
    name: 'many members are 400',
    ironic: 'A body may have any number of members and items, and a field of a node any size.',
    ferrule:
      'At most 10,000 in a body or a field of a node, and 1 MiB of JSON and 25 levels in a field; other texts are limited only by `FERRULE_MAX_BODY`.',
    reason: 'Checking and masking more of them would block other requests.',
  },
  {
    name: 'inexact integers are 400',
    ironic: 'Integers of any size are kept.',
    ferrule:
      '400 for integers beyond 2^53 that JavaScript cannot keep exactly; numbers with a fraction or an exponent are accepted.',
    reason: 'They would be changed silently.',
  },
  {
    name: 'same subscription',
    ironic: '`create_subscription` sends a new one each time.',
    ferrule:
      'It returns the existing one if Destination, Context and Protocol, and EventTypes where given, are the same; if HttpHeaders are given, that one gets them.',
    reason:
      'A repeated call must not double every event, and header values cannot be read, so a new token must be sent.',
  },
  {
    name: 'EventTypes work',
    ironic: 'Every value of EventTypes is refused, and a default of `Alert` is sent, which OpenBMC refuses.',
    ferrule:
      'They are sent as given, and what the BMC refuses is 400 with its words; without them, all RegistryPrefixes that the BMC publishes, else `Alert`.',
    reason: 'The argument is documented.',
  },
  {
    name: 'subscriptions are links',
    ironic: '`get_all_subscriptions` shows the members as the BMC sends them.',
    ferrule: 'Links only; with `expand` the five fields, and a link for a member that cannot be read.',
    reason: 'Clients decode the members as links.',
  },
  {
    name: 'warnings of subscriptions',
    ironic: 'Only the five fields.',
    ferrule:
      'A subscription that the BMC has disabled, or whose Destination it changed, also has `Warnings`.',
    reason: 'Otherwise the caller waits for events that never come.',
  },
  {
    name: 'Protocol of subscriptions',
    ironic: 'Any text.',
    ferrule: '`Redfish` or `OEM`, since a Destination is http or https.',
    reason: 'The others have other schemes.',
  },
];
