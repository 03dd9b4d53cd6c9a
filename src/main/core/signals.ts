/** Whether a process lives, and signals to one that may have ended meanwhile. */

const codeOf = (cause: unknown): unknown => (cause instanceof Error && 'code' in cause ? cause.code : null);

/** Whether there is a process of this number, whoever it belongs to. One that ended and was not asked for its end yet counts; numbers are used again. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // Somebody else's: it may not be signalled, but it lives.
    return codeOf(cause) === 'EPERM';
  }
}

/** Sends a signal to a process, or to the group -`target`. One that is gone by now is what was wanted, and one of another user stays. */
export function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (cause) {
    if (codeOf(cause) !== 'ESRCH' && codeOf(cause) !== 'EPERM') throw cause;
  }
}
