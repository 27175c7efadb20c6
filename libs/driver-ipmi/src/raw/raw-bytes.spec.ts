import { rawAnswerOf } from './raw-answer.js';
import { rawBytesOf } from './raw-bytes.js';
import { RawDenyList } from './raw-deny-list.js';

describe('rawBytesOf', () => {
  it.each<[string | number[], number[]]>([
    ['0x06 0x01', [6, 1]],
    ['  0x6\t0X0A 0 255  ', [6, 10, 0, 255]],
    ['6 1', [6, 1]],
    [
      [6, 1, 255],
      [6, 1, 255],
    ],
    ['0x3e 0', [0x3e, 0]],
    [Array<string>(256).fill('0x00').join(' '), Array<number>(256).fill(0)],
  ])('reads %j', (text, bytes) => {
    expect(rawBytesOf(text)).toEqual(bytes);
  });

  it.each<[string | number[], string]>([
    ['', 'it needs a network function and a command'],
    ['0x06', 'it needs a network function and a command'],
    [[6], 'it needs a network function and a command'],
    ['banana', '"banana" is not a byte'],
    ['0x06 0x01 -H 10.0.0.9', '"-H" is not a byte'],
    ['0x06 0x01 --', '"--" is not a byte'],
    ['-v 0x06 0x01', '"-v" is not a byte'],
    ['0x06,0x01', '"0x06,0x01" is not a byte'],
    ['0x06 0x01\n-H', '"0x01\n-H" is not a byte'],
    ['0x06 0x01\u00a0-H', 'is not a byte'],
    ['0x06 0x100', '"0x100" is not a byte'],
    ['6 256', '"256" is not a byte'],
    // ipmitool would read octal.
    ['06 010', '"06" is not a byte'],
    ['6 -1', '"-1" is not a byte'],
    ['6 1.0', '"1.0" is not a byte'],
    ['app 1', '"app" is not a byte'],
    // ipmitool would send 0x06, since a network function has six bits.
    ['0x46 0x47', 'the network function 0x46 is none of requests'],
    ['0x07 0x01', 'the network function 0x07 is none of requests'],
    [Array<number>(257).fill(0), 'it has more than 256 bytes'],
  ])('refuses %j', (text, words) => {
    expect(rawBytesOf(text)).toContain(words);
  });
});

describe('RawDenyList', () => {
  const list = RawDenyList.parse('0x08, 0x06/0x43, 6/0x50-0x5f ,0x2e-0x3f, 0x00/2');

  it.each<[readonly [number, number], string]>([
    [[8, 0], '0x08'],
    [[6, 0x43], '0x06/0x43'],
    [[6, 0x52], '6/0x50-0x5f'],
    [[0x30, 1], '0x2e-0x3f'],
    [[0, 2], '0x00/2'],
  ])('refuses %j by %s', (request, entry) => {
    expect(list.refusal(request)).toBe(`FERRULE_IPMI_RAW_DENY has ${entry}`);
  });

  it.each<[readonly [number, number]]>([[[6, 1]], [[6, 0x44]], [[0, 1]], [[0x2c, 2]]])(
    'lets %j pass',
    (request) => {
      expect(list.refusal(request)).toBeUndefined();
    },
  );

  it('always refuses to set a password', () => {
    expect(RawDenyList.parse('').refusal([6, 0x47])).toMatch(/a password, which the job would keep/);
  });

  it.each(['0x06/0x43/1', 'app', '0x100', '5-3', '0x06/', '-', '010'])('%j cannot be one', (text) => {
    expect(() => RawDenyList.parse(text)).toThrow(`'${text}' is not`);
  });
});

describe('rawAnswerOf', () => {
  it('reads what ipmitool prints, in lines of 16 bytes', () => {
    const line = ` ${Array<string>(16).fill('41').join(' ')}\n`;
    expect(rawAnswerOf(`${line} 0A ff\n`)).toEqual({
      completion_code: 0,
      bytes: [...Array<number>(16).fill(0x41), 10, 255],
      hex: `${Array<string>(16).fill('41').join(' ')} 0a ff`,
      text: `${'A'.repeat(16)}..`,
    });
  });

  it('reads the answer without bytes', () => {
    expect(rawAnswerOf('\n')).toEqual({ completion_code: 0, bytes: [], hex: '', text: '' });
  });

  it('takes nothing else for bytes', () => {
    expect(() => rawAnswerOf('Chassis Power is on\n')).toThrow('ipmitool printed "Chassis" among the bytes.');
  });
});
