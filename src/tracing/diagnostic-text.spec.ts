import { diagnosticText } from './diagnostic-text.js';

describe('a diagnostic of the SDK of OpenTelemetry', () => {
  it.each([
    [
      'a text and its object',
      ['Received Partial Success response:', '{"rejectedSpans":"3","errorMessage":"quota exceeded"}'],
      'Received Partial Success response: {"rejectedSpans":"3","errorMessage":"quota exceeded"}',
    ],
    [
      'a component, a text, an error and bytes',
      ['OTLPExportDelegate', 'Export succeeded', new RangeError('index out of range'), Buffer.from('{}')],
      'OTLPExportDelegate Export succeeded index out of range <Buffer 7b 7d>',
    ],
    ['an error as JSON', ['{"stack":"Error: away\\n at x","message":"away"}'], 'away'],
    ['an error without a message', ['{"name":"AggregateError"}'], '{"name":"AggregateError"}'],
  ])('has %s', (_what, said, text) => {
    expect(diagnosticText(said)).toBe(text);
  });

  it('is cut', () => {
    expect(diagnosticText(['a'.repeat(5_000), 'b'])).toBe(`${'a'.repeat(1_000)}…`);
    expect(diagnosticText([{ text: 'a'.repeat(5_000) }]).length).toBeLessThan(1_100);
  });
});
