import { type JsonObject } from '@ferrule/driver-kit';
import { type Driver } from '../../drivers/driver.js';
import { type PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { exampleOf } from './example-value.js';

const NODE = 'n1';

/** Commands that create a node of a driver and call each method of its default vendor interface. */
export function exampleCalls(url: string, version: string, driver: Driver): string[] {
  const vendorInterface = driver.interface('vendor', driver.defaultInterface('vendor'));
  const info = driver.driverInfo === undefined ? {} : exampleOf(driver.driverInfo);
  const node = { name: NODE, driver: driver.name, ...(isEmpty(info) ? {} : { driver_info: info }) };
  const ofNodes = vendorInterface.all('node');
  const creation = `curl -s ${url}/v1/nodes ${version} --json ${quoted(node)}`;
  return [
    ...(ofNodes.length > 0 ? [creation] : []),
    ...ofNodes.map((method) => call(`${url}/v1/nodes/${NODE}`, version, method)),
    ...vendorInterface
      .all('driver')
      .map((method) => call(`${url}/v1/drivers/${driver.name}`, version, method)),
    ...(ofNodes.some(({ isAsync }) => isAsync) ? [`curl -s ${url}/v1/jobs ${version}`] : []),
  ];
}

function call(resource: string, version: string, method: PassthruMethod): string {
  const [verb] = method.http;
  const args = exampleOf(method.schema);
  const body = isEmpty(args) && verb !== 'POST' ? '' : ` --json ${quoted(args)}`;
  const isUsual = verb === (body === '' ? 'GET' : 'POST');
  const how = `${isUsual ? '' : ` -X ${verb}`}${method.isAttachment ? ' -OJ' : ''}`;
  // The answer of an asynchronous call is in its headers alone.
  const silently = method.isAsync ? '-si' : '-s';
  return `curl ${silently}${how} ${resource}/vendor_passthru/${method.name} ${version}${body}`;
}

function isEmpty(value: JsonObject): boolean {
  return Object.keys(value).length === 0;
}

/** As one word of a shell. */
function quoted(value: object): string {
  return `'${JSON.stringify(value).replaceAll("'", String.raw`'\''`)}'`;
}
