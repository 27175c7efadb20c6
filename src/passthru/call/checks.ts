import { InvalidParameterValue } from '@ferrule/driver-kit';
import { RESERVED_ARGUMENTS } from '../../drivers/methods/arguments.js';
import { errorOfDriver } from '../../drivers/execution/driver-error.js';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { type PassthruCall } from './passthru-call.js';

/** Sets the arguments as the method gets them. @throws InvalidParameterValue, MissingParameterValue (400) */
export function checkArguments(call: PassthruCall): void {
  const reserved = RESERVED_ARGUMENTS.filter((name) => Object.hasOwn(call.rawArgs, name));
  if (reserved.length > 0) {
    throw new InvalidParameterValue(`No argument of a method may be called ${reserved.join(', ')}.`);
  }
  call.args = checkedArguments(call);
}

/** The driver's check. @returns undefined if it has none, or was done at once. */
export function validate(call: PassthruCall): Promise<void> | undefined {
  return call.driver.validateCall(call.target.node, call);
}

/** Schemas may have checks of the driver, whose errors may have secrets in their messages. */
function checkedArguments({ method, rawArgs, target: { node } }: PassthruCall): Record<string, unknown> {
  try {
    return method.parse(rawArgs);
  } catch (thrown) {
    throw errorOfDriver(
      `The check of the arguments of method '${method.name}'`,
      thrown,
      redactor(() => secretsOf(node, method.secretArguments, rawArgs)),
    );
  }
}
