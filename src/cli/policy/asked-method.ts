import { FerruleError, isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { methodsOf } from '@ferrule/driver-kit/host';
import { type CallAction } from '../../auth/policy/defaults/actions.js';
import { StartError } from '../../config/start-error.js';
import { parsedJson } from '../../json/parsed-json.js';
import { listed } from '../../text/listed.js';
import { PassthruMethod } from '../../drivers/methods/passthru-method.js';
import { type ComposedDriver, type InterfaceClass } from '../../drivers/packages/composition.js';

export interface MethodOptions {
  readonly driver?: string | undefined;
  readonly method?: string | undefined;
  /** JSON text, or what it says. */
  readonly args?: string | JsonObject | undefined;
}

/** @throws StartError if there is no such method, or it is not given. */
export function askedMethod(
  action: CallAction,
  { driver: driverName, method: name }: MethodOptions,
  drivers: readonly ComposedDriver[],
): { driver: string; method: PassthruMethod } {
  if (driverName === undefined || name === undefined) {
    throw new StartError(`Give --driver and --method, or another --action than ${action}.`);
  }
  const driver = drivers.find(({ loaded }) => loaded.options.name === driverName);
  if (!driver) {
    const enabled = drivers.map(({ loaded }) => loaded.options.name);
    throw new StartError(`The driver '${driverName}' is not enabled; enabled: ${listed(enabled)}.`);
  }
  const scope = action === 'baremetal:node:vendor_passthru' ? 'node' : 'driver';
  const methods = methodsIn(driver).filter((each) => each.scope === scope);
  const method = methods.find((each) => each.name === name);
  if (!method) {
    const known = [...new Set(methods.map((each) => each.name))].sort();
    const which = known.length === 0 ? 'none' : known.join(', ');
    throw new StartError(
      `The driver '${driverName}' has no method '${name}' for ${action}; it has ${which}.`,
    );
  }
  return { driver: driverName, method };
}

/** Those of the default vendor interface come first. */
function methodsIn({ classes, defaults }: ComposedDriver): PassthruMethod[] {
  const isDefault = ({ name }: InterfaceClass) => name === defaults.vendor;
  return classes
    .filter(({ kind }) => kind === 'vendor')
    .sort((one, other) => Number(isDefault(other)) - Number(isDefault(one)))
    .flatMap(({ type }) => methodsOf(type).map((declaration) => new PassthruMethod(declaration)));
}

const NO_OBJECT = `--args must be a JSON object, for example '{"name": "value"}'.`;

/** As the method gets them. @throws StartError if it does not take them. */
export function askedArguments(
  method: PassthruMethod,
  args: MethodOptions['args'] = {},
): Record<string, unknown> {
  const given = typeof args === 'string' ? parsedJson(args) : args;
  if (!isJsonObject(given)) throw new StartError(NO_OBJECT);
  try {
    return method.parse({ ...given });
  } catch (error) {
    throw error instanceof FerruleError ? new StartError(error.message) : error;
  }
}
