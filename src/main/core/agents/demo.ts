/** The demo agent: a bundled script that needs no key and no network. */
import { stat } from 'node:fs/promises';
import { ok } from '../../../shared/result';
import type { AgentAdapter } from './adapter';

const info = { name: 'demo', title: 'Demo agent (built in)', version: null, restrictable: false } as const;

/** Types visibly, writes the files that a task names, commits them (resources/demo-agent.cjs). */
export const demoAgent: AgentAdapter = {
  name: 'demo',
  title: info.title,
  restrictable: false,
  silence: 0,
  async detect({ demoScript }) {
    const found = await stat(demoScript).then((entry) => entry.isFile(), () => false);
    return { ...info, path: found ? demoScript : null, ready: found, reason: found ? null : `Its script ${demoScript} is missing. Install Braid again.` };
  },
  command({ execPath, demoScript }) {
    // Electron's own binary is the only Node that a packaged app is sure to have; plain Node ignores the variable.
    return ok({ argv: [execPath, demoScript], env: { ELECTRON_RUN_AS_NODE: '1' } });
  },
};
