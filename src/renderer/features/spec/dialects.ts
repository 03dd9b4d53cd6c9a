import type { Dialect } from '../../../shared/domain';

/** How each dialect is called in the window. */
export const dialectNames: Readonly<Record<Dialect, string>> = {
  speckit: 'spec-kit', openspec: 'OpenSpec', track: 'track plan', 'tasks-yaml': 'tasks.yaml', checklist: 'checklist',
};
