import { printable } from '@ferrule/driver-kit/host';

export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

const LAYOUT = '\n\t';

export const terminal: Output = {
  print: (text) => process.stdout.write(`${printable(text, LAYOUT)}\n`),
  complain: (text) => process.stderr.write(`${printable(text, LAYOUT)}\n`),
};
