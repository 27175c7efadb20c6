// The health check of the container: fails unless the service in it is ready.
import { request as http } from 'node:http';
import { request as https } from 'node:https';

const { FERRULE_PORT: port = '6385', FERRULE_TLS_CERT: certificate } = process.env;
const request = certificate ? https : http;
// The service is asked by its address, which is not in its certificate.
const options = { host: '127.0.0.1', port, path: '/readyz', timeout: 4_000, rejectUnauthorized: false };
request(options, (answer) => {
  answer.resume();
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
