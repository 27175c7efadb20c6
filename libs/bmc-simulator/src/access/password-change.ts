import { empty } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Action, checkParameters, type Feature, missingParameter } from '../protocol/feature.js';
import { stringOf } from '../tree/json.js';
import { type Accounts } from './accounts.js';
import { type Sessions } from './sessions.js';

const OWN = 'SessionAccountPassword';
const NEW = 'NewPassword';

/** The action of accounts that sets their password. */
export function passwordChange(accounts: Accounts, sessions: Sessions): Feature {
  const change: Action = (call) => {
    checkParameters(call, [NEW, OWN]);
    for (const name of [NEW, OWN]) {
      if (call.parameters[name] === undefined) throw missingParameter(call.name, name);
      if (typeof call.parameters[name] !== 'string') throw wrong(name, 'ActionParameterValueTypeError');
    }
    const { name } = sessions.userOf(call.request);
    if (accounts.find(name, stringOf(call.parameters[OWN])) === undefined) {
      throw wrong(OWN, 'ActionParameterValueFormatError');
    }
    accounts.setPassword(call.path, stringOf(call.parameters[NEW]) ?? '');
    return empty(204);
  };
  return { actions: { 'ManagerAccount.ChangePassword': change } };
}

function wrong(parameter: string, id: string): Refusal {
  const text = `The value of ${parameter} is wrong.`;
  return new Refusal(400, { id, text, args: ['***', parameter, 'ChangePassword'], related: [parameter] });
}
