/** Loaded before the program (`node --require`): writes the delay of its event loop to the file that BENCH_LOOP_DELAY names, in milliseconds, when it ends. */
const { writeFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
/** What the histogram holds is the time between two looks, of which `resolution` was waited on purpose. */
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
process.on('exit', () => {
  const to = process.env['BENCH_LOOP_DELAY'];
  if (to) writeFileSync(to, JSON.stringify({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max), count: delay.count }));
});
