import { type JsonSchema, resolved } from '../arguments/json-schema.js';
import { code, defaultText, sentence } from './markdown.js';
import { valueText } from './value-text.js';

/** Name, value, default and meaning of each member of an object, and of the objects in it. */
export function memberRows(schema: JsonSchema, root = schema, prefix = '', depth = 0): string[][] {
  const { properties = {}, required = [] } = resolved(schema, root);
  return Object.entries(properties).flatMap(([name, property]) => {
    const member = resolved(property, root);
    const path = `${prefix}${name}`;
    const byDefault = defaultText(member);
    const isRequired = required.includes(name) && member.default === undefined;
    const notes = [sentence(member.description ?? ''), ...(member.writeOnly === true ? ['Secret.'] : [])];
    const row = [
      code(path),
      valueText(property, root),
      isRequired ? 'required' : byDefault,
      notes.filter(Boolean).join(' '),
    ];
    const inner = typeof member.items === 'object' ? resolved(member.items, root) : member;
    const place = inner === member ? `${path}.` : `${path}[].`;
    return [row, ...(depth < 3 ? memberRows(inner, root, place, depth + 1) : [])];
  });
}
