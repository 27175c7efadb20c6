export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

export const terminal: Output = {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
};
