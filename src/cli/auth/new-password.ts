import { StartError } from '../../config/start-error.js';
import { type Input } from './input.js';

/** bcrypt ignores what follows. */
const LONGEST_PASSWORD = 72;

export async function newPassword(input: Input): Promise<string> {
  const password = input.isTerminal
    ? await input.ask('Password: ')
    : (await input.read()).replace(/\r?\n$/, '');
  if (password === '') throw new StartError('The password is empty.');
  if (Buffer.byteLength(password) > LONGEST_PASSWORD) {
    throw new StartError(`The password is longer than the ${LONGEST_PASSWORD} bytes that bcrypt compares.`);
  }
  if (input.isTerminal && (await input.ask('Again: ')) !== password) {
    throw new StartError('The two passwords differ.');
  }
  return password;
}
