import { parsed } from './arguments.js';

describe('the arguments of ferrule-bmc', () => {
  it.each([
    [['--tree', 'x', '--profile', 'generic'], '--profile and --tree exclude each other.'],
    [['--profile=hpe-ilo5', '--tree=x'], '--profile and --tree exclude each other.'],
    [['--http', '--ca-file', 'ca.pem'], '--ca-file has no certificate to write with --http.'],
    [['--port', '70000'], '--port 70000 is not a number from 0 to 65535.'],
  ])('refuses %j', (args, message) => {
    expect(() => parsed(args)).toThrow(message);
  });

  it.each([[[]], [['--tree', 'x']], [['--ca-file', 'ca.pem']], [['--http']]])(
    'takes %j',
    (args: string[]) => {
      expect(parsed(args)).toMatchObject({ profile: 'generic', isHelp: false });
    },
  );
});
