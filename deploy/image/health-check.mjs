// The health check of the container: fails unless the service in it is ready.
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';

/** As the service reads it: from NAME, or from the file that NAME_FILE names. */
function setting(name) {
  const { [name]: value, [`${name}_FILE`]: file } = process.env;
  return value || (file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : '');
}

const request = setting('FERRULE_TLS_CERT') === '' ? http : https;
const port = setting('FERRULE_PORT') || '6385';
// The service is asked by its address, which is not in its certificate.
const options = { host: '127.0.0.1', port, path: '/readyz', timeout: 4_000, rejectUnauthorized: false };
request(options, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
