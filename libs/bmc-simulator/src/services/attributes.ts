import { Refusal } from '../messages/errors.js';
import { childObject, isJsonObject, type Json, type JsonObject, textOf } from '../tree/json.js';

const APPLY_TIME = '@Redfish.SettingsApplyTime';

/** The apply time that a PATCH asks for, if the resource with these `@Redfish.Settings` has it. */
export function applyTimeOf(current: JsonObject | undefined, body: JsonObject): string | undefined {
  const asked = childObject(body, APPLY_TIME)['ApplyTime'];
  const supported = childObject(current, '@Redfish.Settings')['SupportedApplyTimes'];
  if (asked === undefined) return undefined;
  if (!Array.isArray(supported)) throw Refusal.unknownProperty(APPLY_TIME);
  if (!supported.includes(asked)) throw Refusal.badValue('ApplyTime', textOf(asked));
  return textOf(asked);
}

/** The attributes of a PATCH, if they are among the present ones and of the same type. */
export function attributesOf(
  present: JsonObject,
  body: JsonObject,
  isReadOnly: (name: string) => boolean = () => false,
): JsonObject {
  const wanted = childObject(body, 'Attributes');
  for (const [name, value] of Object.entries(wanted)) {
    check(present, name, value, isReadOnly(name));
  }
  return wanted;
}

function check(present: JsonObject, name: string, value: Json | undefined, isReadOnly: boolean): void {
  const known = present[name];
  const shown = `Attributes/${name}`;
  if (known === undefined) throw Refusal.unknownProperty(shown);
  if (isReadOnly) {
    const text = `The property ${shown} is read-only.`;
    throw new Refusal(400, { id: 'PropertyNotWritable', text, args: [shown], related: [shown] });
  }
  if (isJsonObject(value) || (known !== null && typeof value !== typeof known)) {
    throw Refusal.badValue(shown, textOf(value), 'PropertyValueTypeError');
  }
}
