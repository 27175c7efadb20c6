import { z } from 'zod';

/**
 * Where metrics are answered: on the port of the API (`auto`: only while it listens on loopback and asks nobody for
 * credentials), or on a port of their own.
 */
export type MetricsPlace = 'auto' | 'on' | 'off' | { readonly host: string; readonly port: number };

const WORDS = ['auto', 'on', 'off'] as const;

export const metricsPlace = z.string().transform((text, context): MetricsPlace => {
  const word = WORDS.find((each) => each === text);
  if (word !== undefined) return word;
  const [, host = '127.0.0.1', digits = ''] = /^(?:(\S+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== '' && port <= 65_535) return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
  context.addIssue(
    'must be auto, on, off, a port such as 9464, or an address with a port such as 10.0.0.1:9464',
  );
  return z.NEVER;
});
