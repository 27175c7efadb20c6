import { readFile } from 'node:fs/promises';
import { isJsonObject } from '@ferrule/driver-kit/plain';
import { codeOf } from '../../files/error-code.js';
import { StartError } from '../../config/start-error.js';
import { WrongUsage } from '../client/exit-code.js';

export interface ArgumentOptions {
  /** `name=value` each. */
  readonly arg?: readonly string[];
  readonly args?: string;
}

export type ReadText = (source: string) => Promise<string>;

/** @param read the text of a file, or for `-` the standard input. @throws WrongUsage, StartError */
export async function argumentsOf(
  { arg = [], args }: ArgumentOptions,
  read: ReadText = readText,
): Promise<Record<string, unknown>> {
  const pairs = arg.map(pairOf);
  const sources = [args === '-' ? '@-' : args, ...pairs.map(([, value]) => value)];
  if (sources.filter((source) => source === '@-').length > 1) {
    throw new WrongUsage('error: the standard input can be read for one argument only');
  }
  const given = new Map(args === undefined ? [] : Object.entries(await objectOf(args, read)));
  for (const [name, value] of pairs) {
    if (given.has(name)) throw new WrongUsage(`error: the argument '${name}' is given twice`);
    given.set(name, value.startsWith('@') ? await textOf(value.slice(1), read) : valueOf(value));
  }
  return Object.fromEntries(given);
}

function pairOf(text: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  // Not in the message, since it may be a secret.
  throw new WrongUsage("error: --arg takes NAME=VALUE, for example --arg 'steps=3'");
}

async function objectOf(args: string, read: ReadText): Promise<Record<string, unknown>> {
  const isFile = args === '-' || args.startsWith('@');
  const text = isFile ? await read(args.replace(/^@/, '')) : args;
  const document = parsed(text);
  if (isJsonObject(document)) return document;
  throw new WrongUsage(
    `error: --args takes a JSON object, @FILE or -; ${isFile ? `what is in ${args}` : 'this'} is none`,
  );
}

/** Always text: a password of digits is no number. An end of line belongs to the file. */
async function textOf(source: string, read: ReadText): Promise<string> {
  return (await read(source)).replace(/\r?\n$/, '');
}

/** What is no JSON is text, and so are numbers that would be changed. */
function valueOf(text: string): unknown {
  const value = parsed(text);
  if (value === undefined) return text;
  const isInexact = typeof value === 'number' && (!Number.isFinite(value) || isInexactInteger(text, value));
  return isInexact ? text : value;
}

function isInexactInteger(text: string, value: number): boolean {
  return /^-?\d+$/.test(text.trim()) && !Number.isSafeInteger(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(source: string): Promise<string> {
  if (source === '-') return (await import('../auth/input.js')).standardInput.read();
  try {
    return await readFile(source, 'utf8');
  } catch (error) {
    throw new StartError(`The file ${source} cannot be read: ${codeOf(error) ?? String(error)}.`);
  }
}
