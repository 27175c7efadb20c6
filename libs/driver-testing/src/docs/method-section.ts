import { periodicsOf, snakeName } from '@ferrule/driver-kit/host';
import { type Type } from '@nestjs/common';
import { schemaOf } from '../arguments/json-schema.js';
import { type Method } from '../subject/subject.js';
import { code, sentence, table } from './markdown.js';
import { memberRows } from './member-rows.js';
import { valueText } from './value-text.js';

/** One line for each method. */
export function methodTable(methods: readonly Method[]): string[] {
  return table(
    ['method', 'verb', 'answer', 'lock', 'effect'],
    methods.map((method) => [
      code(method.name),
      method.http.join(', '),
      answerOf(method),
      lockOf(method),
      method.effect,
    ]),
  );
}

/** The methods that the service calls by itself. */
export function periodicTable(type: Type<object>): string[] {
  return table(
    ['periodic method', 'every', 'for', 'lock', 'meaning'],
    periodicsOf(type).map(({ key, options: { every, scope, lock = 'exclusive', description = '' } }) => [
      code(snakeName(key)),
      every,
      scope === 'node' ? 'each node' : 'the driver',
      scope === 'node' ? lock : 'none',
      sentence(description),
    ]),
  );
}

/** Arguments, result and limits of one method. */
export function methodSection(method: Method): string[] {
  const { options } = method.declaration;
  return [
    `### ${code(method.name)}`,
    sentence(method.description),
    ...(options.deprecated === undefined ? [] : [`**Deprecated:** ${sentence(options.deprecated)}`]),
    facts(method),
    ...argumentsOf(method),
    ...resultOf(method),
  ];
}

function facts(method: Method): string {
  const { since } = method.declaration.options;
  return [
    method.http.join(' or '),
    method.scope === 'driver' ? 'driver-level, without a node' : `${lockOf(method)} lock`,
    method.isAsync ? 'asynchronous: 202 and a job' : 'synchronous',
    `effect ${code(method.effect)}`,
    `at most ${durationText(method.timeout)}`,
    ...(since === undefined ? [] : [`since ${since}`]),
  ]
    .join('; ')
    .concat('.');
}

function argumentsOf({ schema }: Method): string[] {
  const rows = memberRows(schema);
  const isOpen = schema.additionalProperties !== false;
  return [
    ...(rows.length === 0 && !isOpen ? ['No arguments.'] : []),
    ...table(['argument', 'value', 'default', 'meaning'], rows),
    ...(isOpen ? ['Unknown arguments are accepted.'] : []),
  ];
}

function resultOf({ isAttachment, declaration }: Method): string[] {
  if (isAttachment) return ['Result: a file.'];
  const { returns } = declaration.options;
  if (returns === undefined) return [];
  const schema = schemaOf(returns, 'output');
  const value = valueText(schema, schema) || 'JSON';
  const rows = memberRows(schema).map(([name = '', value = '', , meaning = '']) => [name, value, meaning]);
  return [`Result: ${value}.`, ...table(['member', 'value', 'meaning'], rows)];
}

function answerOf({ isAsync, isAttachment }: Method): string {
  const what = isAttachment ? 'file' : 'JSON';
  return isAsync ? `job with ${what}` : what;
}

function lockOf({ scope, isShared }: Method): string {
  if (scope === 'driver') return 'none';
  return isShared ? 'shared' : 'exclusive';
}

function durationText(milliseconds: number): string {
  const [unit, length] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
    ['millisecond', 1],
  ].find(([, size]) => milliseconds % Number(size) === 0) ?? ['millisecond', 1];
  const count = milliseconds / Number(length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
