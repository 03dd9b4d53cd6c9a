/** Why an attempt came to nothing, as a class that decides what is done about it, and what was decided. */

export const failureClasses = [
  'rate-limit', 'auth', 'missing-dependency', 'infrastructure', 'unclear-spec', 'build-or-test', 'crashed', 'host-lost', 'git-killed', 'timed-out', 'context-full', 'no-change', 'unknown',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What follows a failed attempt: another one, a wait that costs no attempt, a person's word, or nothing. */
export const nextSteps = ['retry', 'wait', 'ask', 'stop'] as const;
export type NextStep = (typeof nextSteps)[number];

/** Each class in words that fit after "failed by". */
export const failureWords: Readonly<Record<FailureClass, string>> = {
  'rate-limit': 'a rate limit', auth: 'missing credentials', 'missing-dependency': 'a missing dependency', infrastructure: 'trouble of network or service',
  'unclear-spec': 'an open question', 'build-or-test': 'build or test', crashed: 'a crash', 'host-lost': 'the end of its host', 'git-killed': 'a git that was killed', 'timed-out': 'its time limit', 'context-full': 'a full context',
  'no-change': 'no change', unknown: 'an unknown cause',
};
