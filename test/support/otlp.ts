/** Of OTLP's messages for traces, as far as tests look at them. */
interface Field {
  readonly name: string;
  readonly type: 'text' | 'hex' | 'number' | 'fixed' | Message;
  readonly isRepeated?: boolean;
}
type Message = Readonly<Record<number, Field>>;

const VALUE: Message = {
  1: { name: 'stringValue', type: 'text' },
  2: { name: 'boolValue', type: 'number' },
  3: { name: 'intValue', type: 'number' },
};
const ATTRIBUTE: Message = { 1: { name: 'key', type: 'text' }, 2: { name: 'value', type: VALUE } };
const SPAN: Message = {
  1: { name: 'traceId', type: 'hex' },
  2: { name: 'spanId', type: 'hex' },
  4: { name: 'parentSpanId', type: 'hex' },
  5: { name: 'name', type: 'text' },
  6: { name: 'kind', type: 'number' },
  7: { name: 'startTimeUnixNano', type: 'fixed' },
  8: { name: 'endTimeUnixNano', type: 'fixed' },
  9: { name: 'attributes', type: ATTRIBUTE, isRepeated: true },
  13: {
    name: 'links',
    type: { 1: { name: 'traceId', type: 'hex' }, 2: { name: 'spanId', type: 'hex' } },
    isRepeated: true,
  },
  15: { name: 'status', type: { 3: { name: 'code', type: 'number' } } },
};
const EXPORT: Message = {
  1: {
    name: 'resourceSpans',
    type: {
      1: { name: 'resource', type: { 1: { name: 'attributes', type: ATTRIBUTE, isRepeated: true } } },
      2: {
        name: 'scopeSpans',
        type: { 2: { name: 'spans', type: SPAN, isRepeated: true } },
        isRepeated: true,
      },
    },
    isRepeated: true,
  },
};

/** `ExportTraceServiceRequest` in protobuf, as OTLP has it in JSON. */
export function exportOf(bytes: Buffer): Record<string, unknown> {
  return read(bytes, EXPORT);
}

function read(bytes: Buffer, message: Message): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of Object.values(message)) if (field.isRepeated === true) found[field.name] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, afterTag] = varint(bytes, at);
    const [content, next] = contentOf(bytes, afterTag, tag & 7);
    at = next;
    const field = message[tag >>> 3];
    if (field === undefined) continue;
    const value = valueOf(content, field.type);
    const list = found[field.name];
    if (Array.isArray(list)) list.push(value);
    else found[field.name] = value;
  }
  return found;
}

function contentOf(bytes: Buffer, at: number, wireType: number): [Buffer | number, number] {
  if (wireType === 0) return varint(bytes, at);
  if (wireType === 1) return [bytes.subarray(at, at + 8), at + 8];
  if (wireType === 5) return [bytes.subarray(at, at + 4), at + 4];
  if (wireType !== 2) throw new Error(`Protobuf has no wire type ${wireType}.`);
  const [length, begin] = varint(bytes, at);
  if (begin + length > bytes.length) throw new Error('A field is longer than its message.');
  return [bytes.subarray(begin, begin + length), begin + length];
}

function valueOf(content: Buffer | number, type: Field['type']): unknown {
  if (typeof content === 'number') return content;
  if (type === 'text') return content.toString('utf8');
  if (type === 'hex') return content.toString('hex');
  if (type === 'fixed') return content.readBigUInt64LE().toString();
  return typeof type === 'object' ? read(content, type) : content;
}

function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let place = 0; ; place++) {
    const byte = bytes[at + place];
    if (byte === undefined || place > 9) throw new Error('A number has no end.');
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return [value, at + place + 1];
  }
}
