// Joins the embedded server of a data directory and prints its pid. Commands: `leave`; `write N` (N committed rows).
import { createInterface } from 'node:readline';
import pg from 'pg';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { silent } from '../../../src/logging/log.js';

const server = await new EmbeddedServer(process.argv[2] ?? '', silent).join();
const pool = new pg.Pool({ ...(await server.database('ferrule')), max: 1 });
pool.on('error', () => {});
console.log(server.pid);

for await (const line of createInterface({ input: process.stdin })) {
  const [command, first] = line.split(' ');
  if (command === 'leave') break;
  await pool.query('create table if not exists written (number bigint primary key)');
  for (let number = Number(first); ; number++) {
    await pool.query('insert into written values ($1)', [number]);
    console.log(number);
  }
}
process.stdin.destroy();
await pool.end();
await server.leave();
