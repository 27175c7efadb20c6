import { Refusal } from '../messages/errors.js';
import { isAnnotation } from '../protocol/patch-checks.js';
import { type Json, type JsonObject, textOf } from '../tree/json.js';

export interface PasswordPolicy {
  readonly least: number;
  readonly most: number;
}

/** What a client may write, and its type. */
const WRITABLE: Readonly<Record<string, 'string' | 'boolean'>> = {
  UserName: 'string',
  Password: 'string',
  RoleId: 'string',
  Enabled: 'boolean',
  Locked: 'boolean',
  PasswordChangeRequired: 'boolean',
};

/** Checks what a PATCH or POST says of an account. */
export function checkAccount(
  body: JsonObject,
  known: JsonObject,
  roles: readonly string[],
  policy: PasswordPolicy,
): void {
  const changes = Object.entries(body).filter(([name]) => !isAnnotation(name));
  if (changes.length === 0) {
    throw new Refusal(400, { id: 'NoOperation', text: 'The request names no property to change.' });
  }
  for (const [name, value] of changes) {
    checkProperty(name, value, known);
  }
  const { Password, RoleId, Locked } = body;
  if (typeof Password === 'string') {
    checkPassword(Password, policy);
  }
  if (RoleId !== undefined && !roles.includes(textOf(RoleId))) {
    throw Refusal.badValue('RoleId', textOf(RoleId));
  }
  if (Locked === true) {
    throw Refusal.badValue('Locked', 'true');
  }
}

function checkProperty(name: string, value: Json | undefined, known: JsonObject): void {
  const type = WRITABLE[name];
  if (type === undefined) {
    if (!Object.hasOwn(known, name)) {
      throw Refusal.unknownProperty(name);
    }
    const text = `The property ${name} is read-only.`;
    throw new Refusal(400, { id: 'PropertyNotWritable', text, args: [name], related: [name] });
  }
  if (typeof value !== type) {
    throw Refusal.badValue(name, name === 'Password' ? '***' : textOf(value), 'PropertyValueTypeError');
  }
}

function checkPassword(password: string, { least, most }: PasswordPolicy): void {
  if (password.length < least || password.length > most) {
    const text = `The value of Password must have ${least} to ${most} characters.`;
    const args = ['***', 'Password'];
    throw new Refusal(400, { id: 'PropertyValueFormatError', text, args, related: ['Password'] });
  }
}
