import { runChecks } from './check.js';
import { ok, problem } from './finding.js';

describe('runChecks', () => {
  it('reports all, in their order, although one fails and one hangs', async () => {
    const found = await runChecks(
      [
        { name: 'hanging', run: () => new Promise(() => {}) },
        {
          name: 'failing',
          run: () => {
            throw new Error('no such thing');
          },
        },
        { name: 'whole', run: async () => [ok('It is.'), problem('It is not.', 'Mend it.')] },
      ],
      20,
    );
    expect(found.map(({ check, level, message }) => [check, level, message])).toEqual([
      ['hanging', 'problem', 'The check did not end: it took longer than 0.02 s.'],
      ['failing', 'problem', 'The check did not end: no such thing.'],
      ['whole', 'ok', 'It is.'],
      ['whole', 'problem', 'It is not.'],
    ]);
  });
});
