import { maskedLog } from './masked-log.js';

describe('logged objects', () => {
  it('are masked', () => {
    const logged = maskedLog({
      a: 'run --password x',
      steps: [{ api_key: 'k', pin: 1, node: 'n' }],
      token: 't',
    });
    expect(logged).toEqual({
      a: 'run --password ******',
      steps: [{ api_key: '******', pin: '******', node: 'n' }],
      token: '******',
    });
  });

  it('have the id of a caller as it is', () => {
    const line = { caller_id: 'token:ops', msg: 'token:ops' };
    expect(maskedLog(line)).toEqual({ caller_id: 'token:ops', msg: 'token:******' });
  });

  it('may contain themselves and objects of classes', () => {
    const at = new Date(0);
    const object: Record<string, unknown> = { at };
    object['self'] = object;
    const logged = maskedLog(object);
    expect(logged['at']).toBe(at);
    expect(JSON.stringify(logged)).toContain('(too deep)');
  });
});
