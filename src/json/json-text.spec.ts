import { traitsOf } from './json-text.js';

const traits = (text: string) => traitsOf(Buffer.from(text));

describe('JSON text', () => {
  it.each([
    ['', 0],
    ['1', 0],
    ['"[[["', 0],
    [String.raw`"\"[[["`, 0],
    [String.raw`"\\"`, 0],
    ['[]', 1],
    ['[[],[]]', 2],
    ['{"a": [{"b": "}}"}], "c": {}}', 3],
    ['[[[', 3],
  ])('%s is nested %d deep', (text, depth) => {
    expect(traits(text).depth).toBe(depth);
  });

  it.each([
    ['1', 0],
    ['"a, [b"', 0],
    ['{"a": 1}', 1],
    ['[1, 2, 3]', 3],
    ['{"a": [1, 2], "b": {"c": ",,,"}}', 5],
  ])('%s has %d values', (text, values) => {
    expect(traits(text).values).toBe(values);
  });

  it.each([
    '{"euro": "€ 12e999", "true": true, "n": -12.5}',
    String.raw`"\n\t\"\\u0000"`,
    `[${'9'.repeat(300)}]`,
  ])('%s needs no inspection', (text) => {
    expect(traits(text).needsInspection).toBe(false);
  });

  it.each([
    String.raw`"\u0000"`,
    String.raw`{"\ud83d": 1}`,
    '1e999',
    '[1.5E3]',
    '9'.repeat(301),
    `-${'9'.repeat(400)}`,
  ])('%s needs inspection', (text) => {
    expect(traits(text).needsInspection).toBe(true);
  });
});
