import { type BmcOptions, type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { Bench, type BenchOptions } from './bench.js';

/** The BMC that the running test has started. */
export let bmc: BmcServer;
/** The methods, with a node for this BMC. */
export let bench: Bench;

/** Starts both. They are closed after the test, in every file that imports this one. */
export async function start(options: BmcOptions = {}, benchOptions: BenchOptions = {}): Promise<void> {
  bmc = await startBmc(options);
  bench = new Bench(bmc, benchOptions);
}

/** The same BMC with another service or node. */
export async function reopen(benchOptions: BenchOptions): Promise<void> {
  await bench.close();
  bench = new Bench(bmc, benchOptions);
}

afterEach(async () => {
  // Not every test starts them.
  await bench?.close();
  await bmc?.close();
});
