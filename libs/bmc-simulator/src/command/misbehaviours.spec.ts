import { misbehavioursOf } from './misbehaviours.js';

describe('misbehaviours of the command line', () => {
  it.each([
    ['{}', {}],
    ['{"resetOutage":0}', { resetOutage: 0 }],
    ['{"notReady":{"kind":"503","times":2}}', { notReady: { kind: '503', times: 2 } }],
    ['{"eject":"415","deadManager":404,"neverAnswers":{"path":"Bios"},"slots":true}', expect.any(Object)],
  ])('%s are taken', (text, taken) => {
    expect(misbehavioursOf(text)).toEqual(taken);
  });

  it.each([
    ['nonsense', '--misbehave is not JSON: nonsense'],
    ['[]', '--misbehave is not an object: []'],
    ['{"neverAnswer":true}', 'There is no misbehaviour neverAnswer. Did you mean neverAnswers?'],
    [
      '{"constructor":true}',
      /^There is no misbehaviour constructor\. There are: cre.*, ifMatchRefusedOnPost\.$/,
    ],
    ['{"eject":"maybe"}', /^eject cannot be "maybe"; it may be needs-empty-object, .*, 202-task\.$/],
    ['{"deadManager":402}', 'deadManager cannot be 402; it may be 403, 404, 500.'],
    ['{"gzip":1}', 'gzip cannot be 1; it may be a boolean.'],
    ['{"latency":"1"}', 'latency cannot be "1"; it may be a number, an object.'],
  ])('%s are refused', (text, message) => {
    expect(() => misbehavioursOf(text)).toThrow(message);
  });
});
