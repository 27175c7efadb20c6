import { type JsonObject } from '@ferrule/driver-kit';
import { BadArguments, failureOf } from '../test/bench.js';
import { bench, bmc, start } from '../test/started.js';

it.each<[string, JsonObject, string]>([
  ['bios_set', { attributes: { NumLock: null } }, 'it may be a text, a number or a boolean'],
  ['set_password', { password: '' }, 'it is empty'],
  ['get_logs', { limit: 'one' }, 'it may be a whole number from 1 to 1000'],
  ['get_logs', { skip: -1 }, 'it may be a whole number from 0 to 1000000'],
  ['bmc_reset', { warm: 'nein' }, 'it may be true or false'],
  ['update_firmware', { image: 'x' }, 'it is not a URI, such as https://'],
  ['update_firmware', { image: 'https://x/y', targets: ['BMC'] }, 'it is not a path of firmware_inventory'],
  ['replace_certificate', { certificate: 'abc' }, 'it has no certificate in PEM'],
])('%s refuses %j with words that say what is right', async (method, args, words) => {
  await start();
  const failure = await failureOf(bench.call(method, args));
  expect(failure).toBeInstanceOf(BadArguments);
  expect(failure.message).toContain(words);
  expect(bmc.requests).toEqual([]);
});
