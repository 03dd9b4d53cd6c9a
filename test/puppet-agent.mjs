#!/usr/bin/env node
/**
 * An agent that does what a test tells it to. PUPPET_PLAN names a JSON file: task id (or "*") -> behaviour, see below.
 * PUPPET_LOG names a file that gets one JSON line for each thing that happened, so that a test can wait for it.
 *
 * Behaviour, all optional, done in this order (`{{task}}`, `{{lane}}`, `{{attempt}}` are replaced in texts and paths):
 *   say: text for the terminal            write: { path: text }       append: { path: text }
 *   tick: task file whose box to tick     remove: [path]              commit: true | message
 *   report: object | raw text             grandchild: "stubborn" | "session"
 *   fill: path of a file to write until the disk is full (ends with 1)
 *   run: a line for the shell             closeOutput: true
 *   flood: megabytes of output            ms: how long to work        until: path of a file to wait for
 *   hang: true                            ignore: true (INT and TERM) signal: name, dies by it     exit: code
 *   attempts: [behaviour of attempt 1, of attempt 2, ...], laid over the rest
 */
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const { PUPPET_LOG, PUPPET_PLAN, BRAID_TASK_ID: task = '', BRAID_LANE: lane = '', BRAID_ATTEMPT: attempt = '1', BRAID_REPORT } = process.env;

/** One write to a file opened for appending is atomic, so lines of several puppets never mix. */
function log(event, facts = {}) {
  const line = { event, task, lane, attempt: Number(attempt), pid: process.pid, at: new Date().toISOString(), ...facts };
  if (PUPPET_LOG) appendFileSync(PUPPET_LOG, `${JSON.stringify(line)}\n`);
}

function behaviour() {
  if (!PUPPET_PLAN) return { ms: 20, write: { '{{task}}.txt': 'done by the puppet\n' } };
  const plan = JSON.parse(readFileSync(PUPPET_PLAN, 'utf8'));
  const { attempts = [], ...rest } = { ...plan['*'], ...plan[task] };
  return { ...rest, ...attempts[Math.min(Number(attempt), attempts.length) - 1] };
}

const fill = (text) => text.replaceAll('{{task}}', task).replaceAll('{{lane}}', lane).replaceAll('{{attempt}}', attempt);

function edit(files, change) {
  for (const [path, text] of Object.entries(files)) {
    const target = resolve(fill(path));
    mkdirSync(dirname(target), { recursive: true });
    change(target, fill(text));
  }
}

/** stdout of a pseudo-terminal may be non-blocking: EAGAIN means to try again. */
function writeAll(bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

/** Lines with numbers, so that anything lost or swapped shows. */
function flood(megabytes) {
  const size = Math.round(megabytes * 1024 * 1024);
  for (let sent = 0, line = 0; sent < size;) {
    let block = '';
    while (block.length < 65536) block += `${task} line ${line++} ${'.'.repeat(60)}\n`;
    const bytes = Buffer.from(block.slice(0, size - sent));
    writeAll(bytes);
    sent += bytes.length;
  }
}

/** Writes until the disk refuses, and ends like a tool that met that. */
function fillDisk(path) {
  const block = Buffer.alloc(1 << 16);
  try {
    for (;;) appendFileSync(resolve(fill(path)), block);
  } catch (error) {
    writeAll(Buffer.from(`Error: ${error.code}: no space left on device, write\n`));
    process.exit(1);
  }
}

function commit(message) {
  const git = (...args) => execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', message);
}

/** A child that ends only by KILL; it says in the log when it is ready. `session` puts it out of reach of group signals. */
function grandchild(kind) {
  const script = `
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
    const line = { event: 'grandchild', task: ${JSON.stringify(task)}, pid: process.pid, at: new Date().toISOString() };
    require('node:fs').appendFileSync(process.env.PUPPET_LOG, JSON.stringify(line) + '\\n');
    process.send('ready');
    process.disconnect();
    setInterval(() => {}, 1 << 30);`;
  const child = spawn(process.execPath, ['-e', script], { detached: kind === 'session', stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child.unref();
  return new Promise((done) => child.once('message', done));
}

/** Waits for a file to exist without polling: the watcher is there before the look. */
function awaitFile(path) {
  return new Promise((done) => {
    const watcher = watch(dirname(path), () => look());
    const look = () => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    };
    look();
  });
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function die(name) {
  log('end', { signal: name });
  process.removeAllListeners(name);
  process.kill(process.pid, name);
  return new Promise(() => setInterval(() => {}, 1 << 30));
}

function obeySignals(ignore) {
  for (const [name, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
    process.on(name, () => {
      log('signalled', { signal: name });
      if (!ignore) process.exit(code);
    });
  }
}

async function main() {
  const act = behaviour();
  obeySignals(act.ignore === true);
  log('start', { cwd: process.cwd(), argv: process.argv.slice(2) });
  if (act.say) writeAll(Buffer.from(fill(act.say)));
  edit(act.write ?? {}, writeFileSync);
  edit(act.append ?? {}, appendFileSync);
  for (const path of act.remove ?? []) rmSync(resolve(fill(path)), { recursive: true, force: true });
  if (act.tick) {
    const file = resolve(fill(act.tick));
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').map((line) => (line.includes(task) ? line.replace('[ ]', '[x]') : line)).join('\n'));
  }
  if (act.commit) commit(act.commit === true ? `${task} by the puppet` : fill(act.commit));
  if (act.report !== undefined && BRAID_REPORT) writeFileSync(BRAID_REPORT, typeof act.report === 'string' ? act.report : JSON.stringify(act.report));
  if (act.run) execFileSync('sh', ['-c', fill(act.run)], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (act.fill) fillDisk(act.fill);
  if (act.grandchild) await grandchild(act.grandchild);
  if (act.flood) flood(act.flood);
  if (act.closeOutput) for (const fd of [1, 2]) closeSync(fd);
  if (act.ms) await sleep(act.ms);
  if (act.until) await awaitFile(fill(act.until));
  if (act.hang) await new Promise(() => setInterval(() => {}, 1 << 30));
  if (act.signal) await die(act.signal);
  log('end', { exit: act.exit ?? 0 });
  process.exit(act.exit ?? 0);
}

await main();
