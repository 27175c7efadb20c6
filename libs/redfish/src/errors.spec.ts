import { RedfishValidationError } from './errors.js';
import { extendedInfo } from './extended-info.js';

function refusal(...info: { MessageId: string; Message: string; RelatedProperties?: string[] }[]) {
  const messages = extendedInfo({ error: { '@Message.ExtendedInfo': info } });
  return new RedfishValidationError('refused', { messages });
}

describe('a RedfishValidationError', () => {
  const unknown = refusal({
    MessageId: 'Base.1.8.PropertyUnknown',
    Message: 'The property Context is unknown.',
  });
  const related = refusal({
    MessageId: 'Base.1.8.PropertyValueNotInList',
    Message: 'The Destination is fine, the value is not.',
    RelatedProperties: ['#/Protocol/Name'],
  });

  it('tells what the BMC objects to: what it names, else the words', () => {
    expect(['Context', 'Con', 'unknown'].map((name) => unknown.objectsTo(name))).toEqual([true, false, true]);
    expect(related.properties).toEqual(['Protocol/Name']);
    expect(['Protocol', 'Name', 'Destination'].map((name) => related.objectsTo(name))).toEqual([
      true,
      false,
      false,
    ]);
    expect(['Protocol', 'Destination', 'Context'].map((name) => related.mentions(name))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('tells an unknown property from a refused value', () => {
    expect(unknown.doesNotKnow('Context')).toBe(true);
    expect(unknown.doesNotKnow('Destination')).toBe(false);
    expect(related.doesNotKnow('Protocol')).toBe(false);
  });
});
