import { Conflict } from '@ferrule/driver-kit';
import { envelope, problem } from './envelope.js';

describe('an error as JSON', () => {
  it('cuts a message that quotes a large body', () => {
    const error = new Conflict('x'.repeat(900_000));
    expect(JSON.stringify(envelope(error)).length).toBeLessThan(33_000);
    expect(JSON.stringify(problem(error, 'req-1')).length).toBeLessThan(33_000);
  });

  it('has the whole of any other message', () => {
    const error = new Conflict('busy');
    expect(JSON.parse(envelope(error).error_message)).toMatchObject({ faultstring: 'busy' });
    expect(problem(error, 'req-1')).toMatchObject({ detail: 'busy' });
  });
});
