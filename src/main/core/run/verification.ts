/** Whether a task asks for a verification, which may end well without a change. Pure. The words are listed in docs/reference.md. */
import type { Task } from '../../../shared/domain';

/** What the text must begin with, after its markers. */
const verifies = new RegExp(String.raw`^(?:${[
  String.raw`(?:re-?)?(?:verify|confirm|double[- ]check)\b`,
  // "Validate emails" may well ask for a validator.
  String.raw`(?:re-?)?validate (?:that|whether|against|\S+\.md|(?:(?:the|all|every|each) )*(?:success|acceptance|quickstart|scenarios?|criteria|requirements|user stor|documentation|docs|implementation|results)\b)`,
  String.raw`check (?:that|whether|if)\b`,
  String.raw`(?:run|execute|perform|do|complete|conduct) (?:(?:a|an|the|all|full|final|complete|entire|whole|existing|manual|unit|integration|e2e|end-to-end|regression|smoke|acceptance|performance|load) )*(?:tests?|test suites?|suites?|linters?|lint|type ?checks?|checks|verifications?|validations?|walkthrough|qa)\b`,
  String.raw`run \S+ (?:validation|verification|checks?|scenarios)\b`,
  String.raw`(?:manual(?:ly)?|smoke|acceptance|regression)[- ](?:test(?:ing)?|verif(?:y|ication)|check(?:s|ing)?|qa)\b`,
].join('|')})`, 'i');

/** Words of work: where one of them stands anywhere in the text, nothing done is nothing done. */
const works = /\b(?:add|adapt|adjust|amend|apply|author|build|change|configure|convert|correct|create|define|delete|deploy|design|develop|document|draft|edit|enable|enhance|ensure|establish|expand|extend|extract|fix|generate|harden|implement|improve|initiali[sz]e|install|integrate|introduce|make|mend|migrate|modify|move|optimi[sz]e|patch|polish|port|prepare|publish|record|refactor|register|release|remove|rename|repair|replace|resolve|restructure|rewrite|scaffold|set up|setup|simplify|tag|tune|update|upgrade|wire|write)(?:s|d|ed|ing)?\b/i;

/** The text without markers and emphasis in front: `[P]`, `[US1]`, a quoted or bold beginning. */
const bare = (text: string): string => text.replace(/^(?:\s|\[[^\]]*\]|[*_`>"'#:.-])+/, '');

/** Files that a verification reads or runs: documents and tests. Any other may be what the task is to change. */
const isRead = (file: string): boolean => /\.mdx?$/i.test(file) || /(?:^|\/)(?:tests?|specs?|e2e|__tests__)\/|[._-](?:test|spec)\.\w+$/i.test(file);

/** True for a task whose own words ask only to verify: no word of work in its text, details or steps, and no file named that it may be meant to change. */
export function isVerification(task: Pick<Task, 'title' | 'details' | 'steps' | 'files'>): boolean {
  const text = [task.title, ...task.details.map((line) => line.text), ...task.steps.map((step) => step.title)];
  return verifies.test(bare(task.title)) && task.files.every(isRead) && !text.some((line) => works.test(line));
}

/** Declared files that are not among the touched ones. A folder counts as touched with any file in it, a pattern with any that it could mean. */
export function untouchedFiles(declared: readonly string[], touched: readonly string[]): readonly string[] {
  const isTouched = (file: string): boolean => {
    const plain = file.replace(/^\.\//, '').replace(/\/+$/, '');
    const glob = plain.search(/[*?{[]/);
    const fixed = glob === -1 ? plain : plain.slice(0, plain.lastIndexOf('/', glob) + 1);
    return touched.some((path) => path === plain || path.endsWith(`/${plain}`) || path.startsWith(glob === -1 ? `${plain}/` : fixed));
  };
  return declared.filter((file) => !isTouched(file));
}
