/** What error texts of agents, services and tools look like (agents.md sections 4 and 9, and texts that users of these agents reported). Pure. */
import type { FailureClass } from '../../../shared/failure';

type Pattern = readonly [failure: FailureClass, pattern: RegExp];

/** What runners print about single tests, and code: words in it are about the project, not about the agent's account or network. */
const testTalk = /^\s*(?:[✓✔✗✕×✖❯]|FAIL\b|PASS\b|not ok\b|ok \d|\d+\)\s|at\s|\+|-\s|>|\||\/\/|#)|\bexpect(?:ed)?\b|\bassert|\.(?:test|spec)\.\w+/i;

const full: Pattern = ['infrastructure', /\bENOSPC\b|no space left on device|disk quota exceeded/i];

const limited: Pattern = ['rate-limit', new RegExp([
  String.raw`\b429\b.{0,40}(?:too many requests|rate|limit|quota|retry|resource)|(?:http|status(?: code)?|error|rejected)\W{0,3}429\b`,
  String.raw`too many requests|\brate[ _-]?limit(?:ed\b|s? (?:was |were |has been )?(?:reached|exceeded|hit|error)|_(?:error|exceeded))|resource_exhausted|usage_limit_reached|insufficient_quota`,
  String.raw`(?:hit|reached|exceed(?:ed)?) (?:your|the|my|its) (?:\S+ ){0,3}(?:limit|quota)|(?:usage|session|weekly|daily|monthly|hourly|hour|message|request) limit (?:was |has been )?(?:reached|exceeded|hit)`,
  String.raw`\brate[ _-]?limit(?:s|ing)?\b\W{1,3}(?:please )?(?:re)?try|\b(?:re)?try(?:ing)? (?:again )?(?:in|after|at) .{0,40}\b429\b|\b429\b.{0,40}\btry again`,
  String.raw`quota (?:was |has been )?(?:exceeded|exhausted)|exhausted your (?:\S+ ){0,2}(?:quota|capacity)|would exceed your account's rate limit`,
].join('|'), 'i')];

const auth: Pattern = ['auth', new RegExp([
  String.raw`\b40[13]\b.{0,40}(?:unauthori[sz]ed|forbidden|auth|invalid|key|permission)|(?:api error|http|status(?: code)?)\W{0,3}40[13]\b|\bunauthori[sz]ed\b|unauthenticated`,
  String.raw`(?:invalid|missing|incorrect|no) (?:\S+ )?(?:api[ _-]?key|credentials|access token)|(?:token|session|login) (?:has |is )?expired`,
  String.raw`not logged in|please (?:run )?/?log ?in\b|/login\b|authentication[ _](?:failed|error|required)|no auth(?:entication information|entication| type)|starting login flow`,
].join('|'), 'i')];

const network = new RegExp([
  String.raw`\b(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b|socket hang up|getaddrinfo|could not resolve (?:host|proxy)|temporary failure in name resolution`,
  String.raw`network (?:error|is unreachable|is down|timeout)|connection (?:was )?(?:closed|reset|refused|lost|timed out|error)|stream disconnected|fetch failed|api error: terminated|transport error`,
].join('|'), 'i');

const infrastructure: Pattern = ['infrastructure', new RegExp([
  network.source,
  String.raw`\b5(?:00|02|03|04|29)\b.{0,40}(?:error|gateway|unavailable|timeout|overload|server)|(?:api error|http|status(?: code)?)\W{0,3}5(?:00|02|03|04|29)\b|overloaded(?:_error)?\b|service unavailable|bad gateway|high demand|internal server error`,
].join('|'), 'i')];

const dependency: Pattern = ['missing-dependency', new RegExp([
  String.raw`cannot find (?:module|package) (?:['"“](?![./~])|(?!['"“./~]))|module not found:? (?:error: )?can't resolve ['"](?![./~])|modulenotfounderror|no module named|importerror: no module`,
  String.raw`command not found|^\S*sh: (?:line )?\d+: \S+: not found$|is not recognized as an internal or external command|executable file not found|spawn \S+ ENOENT|no such command`,
  String.raw`unresolved import \x60(?!crate|self|super)|no required module provides package|package \S+ is not in std|could not find a version that satisfies|unmet (?:peer )?dependenc|missing dependenc`,
].join('|'), 'i')];

const context: Pattern = ['context-full', /prompt is too long|context (?:length|window)|contextoverflow|ran out of room|maximum context/i];

const build: Pattern = ['build-or-test', new RegExp([
  String.raw`^\s*(?:FAIL|FAILED|not ok)\b|\b(?:tests?|specs?|suites?|checks?|build|compilation|lint(?:ing)?)\b.{0,30}\bfail(?:ed|ing|ures?|s)?\b|\bfail(?:ed|ing|ures?|s)?\b.{0,30}\b(?:tests?|specs?|suites?|build|compile)\b`,
  String.raw`\berror TS\d+|\berror\[E\d+\]|assertion(?:error| failed)|syntaxerror|typeerror|referenceerror|nameerror|cannot find module ['"][./~]|undefined reference|compil(?:e|er|ation) error|segmentation fault in test`,
].join('|'), 'i')];

/** The agent's own account and its way to the service come first: they say nothing about the task. */
const ofAgent: readonly Pattern[] = [full, limited, auth, context, infrastructure];
const ofProject: readonly Pattern[] = [dependency, build];

const find = (text: string, patterns: readonly Pattern[]): FailureClass | null => patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** True for an error that speaks of a disk without room. */
export const isDiskFull = (text: string): boolean => full[1].test(text);

/** True for an error that speaks of the way to the service, not of the service. */
export const isNetworkLost = (text: string): boolean => network.test(text);

/** The class that an error of the agent itself speaks of (its final event, its own error line); null when it says nothing known. */
export const classOfError = (text: string): FailureClass | null => find(text, [...ofAgent, ...ofProject]);

/** The class of one line of plain output, in which the agent's errors and those of the project's tools are mixed. */
export const classOfLine = (line: string): FailureClass | null => (testTalk.test(line) ? find(line, ofProject) : classOfError(line));

/** The class of a line of a check's output: what a project's own tools say is about the project. */
export const classOfCheckLine = (line: string): FailureClass | null => find(line, ofProject);
