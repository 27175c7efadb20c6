import { type HttpClient } from './http-client.js';

/** The samples of a scrape, by their text before the value: `name{label="value"}`. */
export type Samples = ReadonlyMap<string, number>;

export function samplesIn(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

export async function scrape(http: HttpClient): Promise<Samples> {
  return samplesIn((await http.get('/metrics')).expect(200).text);
}

/** The names of the metrics that a scrape has, with the suffixes of histograms. */
export function namesIn(samples: Samples): Set<string> {
  return new Set([...samples.keys()].map((key) => key.replace(/\{.*/, '')));
}

/** The names that a scrape declares; for histograms also those of their series. */
export function metricsIn(text: string): Set<string> {
  const declared = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    declared.flatMap(([, name = '', kind]) =>
      kind === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}
