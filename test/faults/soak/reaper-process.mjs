// Ends the processes that work in the folders that it is told, one a line, and removes the folders, when its input
// ends: at the latest with the process that has started it.
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds. */
const POLL = 20;
/** PostgreSQL then leaves no shared memory behind. */
const QUIT = 2_000;
const PATIENCE = 20_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const folders = [];
for await (const line of createInterface({ input: process.stdin })) folders.push(line);

const began = performance.now();
for (let pids = working(); pids.length > 0; pids = working()) {
  const passed = performance.now() - began;
  if (passed > PATIENCE) {
    console.error(`These processes do not end: ${pids.join()}`);
    process.exit(1);
  }
  for (const pid of pids) {
    const isAsked = passed < QUIT && isPostgres(pid);
    signal(pid, isAsked ? 'SIGQUIT' : 'SIGKILL');
    signal(pid, 'SIGCONT');
  }
  await delay(POLL);
}
for (const folder of folders) rmSync(folder, { recursive: true, force: true });

function working() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isIn(folderOf(name)));
}

function isIn(path) {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** Empty if it has ended. */
function folderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function isPostgres(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
  } catch {
    return false;
  }
}

function signal(pid, name) {
  try {
    process.kill(Number(pid), name);
  } catch {
    // It has ended.
  }
}
