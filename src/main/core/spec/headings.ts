/** What a heading means: phase, dependency section, gates, a task of its own (formats.md section 4). */
import type { PhaseKind } from '../../../shared/domain';
import { withoutLeaked } from './leaked';

export interface Heading {
  readonly line: number;
  /** 1 to 6; 7 for a line that is only bold. */
  readonly level: number;
  readonly text: string;
}

export interface PhaseHeading {
  readonly number: number | null;
  readonly title: string;
  readonly label?: string;
}

const atx = /^\uFEFF? {0,3}(#{1,6})[ \t]+(.*)$/;
const boldLine = /^[ \t]*(?:\*\*([^*]{1,200})\*\*|__([^_]{1,200})__)[ \t]*[:：]?[ \t]*$/;
const phaseWord = String.raw`(?:Phase|PHASE|Fase|FASE|Étape|フェーズ|阶段|階段|단계|Stage|Wave|Layer|Milestone|Group|Category|PR)`;
const phaseNumber = String.raw`(\d{1,4}(?:\.\d{1,3})?[a-z]?|[A-Z]\d{0,3}|[IVX]{1,5}|Final)(?![\p{L}\p{N}])`;
const phaseNamed = new RegExp(String.raw`^(?:[^\p{L}\p{N}]*)(?:${phaseWord}\s*[-#:]?\s*${phaseNumber}|(?:第\s*)?(\d{1,3})\s*(?:阶段|階段|フェーズ|단계)|(Final) Phase)\s*(.*)$`, 'u');
const storyNamed = /(?:\bUser Stor(?:y|ies)|\bUS)[ -]?\d/i;
const groupNamed = /^(?:[^\p{L}\p{N}#]*)(\d{1,4}[a-z]?)[.)](?!\d)\s*(.*)$/u;

/** Without the `##` that may close a heading. A loop, because a pattern for it takes cubic time on a line of blanks. */
export function withoutClosing(text: string): string {
  const trimmed = text.trimEnd();
  let end = trimmed.length;
  while (trimmed.charAt(end - 1) === '#') end -= 1;
  return trimmed.slice(0, end);
}

/** Reads one visible line (its 1-based number is passed on) as an ATX heading or a line that is only bold; null for anything else. Trailing decoration of bold is removed. */
export function headingOf(line: string, number: number): Heading | null {
  if (line.includes('#')) {
    const found = atx.exec(line);
    if (found) return { line: number, level: found[1]?.length ?? 1, text: withoutClosing(withoutLeaked(found[2] ?? '')).replace(/\*\*|__/g, '').trim() };
  }
  if (!line.includes('**') && !line.includes('__')) return null;
  const bold = boldLine.exec(line);
  return bold ? { line: number, level: 7, text: (bold[1] ?? bold[2] ?? '').trim() } : null;
}

/** The commit that a track records behind its phase, `[checkpoint: 1a2b3c4]`, is no part of the title. */
const withoutCheckpoint = (text: string): string => (text.includes('[checkpoint') ? text.replace(/\s*\[checkpoint\s*:[^\]]*\]\s*$/i, '') : text);

/** `Phase 3: Title`, `Phase M3: Title`, `Phase N: Polish`, `第1阶段`; null when the heading names no phase. */
export function phaseHeading(text: string): PhaseHeading | null {
  const found = phaseNamed.exec(text);
  if (!found) return null;
  const number = Number.parseFloat(found[1] ?? found[2] ?? '');
  const rest = withoutCheckpoint(found[4] ?? '').replace(/^[\s:：.)\]–—-]+/, '').trim();
  const title = rest === '' ? withoutCheckpoint(text).trim() : rest;
  return Number.isFinite(number) ? { number, title } : { number: null, title, ...(/^[A-Z]\d/.test(found[1] ?? '') ? { label: found[1] ?? '' } : {}) };
}

/** `Work Package WP01: Title` of Spec Kitty: a phase that its number names. */
export function packageHeading(text: string): PhaseHeading | null {
  const found = /^[^\p{L}\p{N}]*Work Package (WP\d{2,3})(?![\p{L}\p{N}])[\s:：–—-]*(.*)$/iu.exec(text);
  const label = found?.[1]?.toUpperCase();
  return found && label !== undefined ? { number: null, title: `${label}: ${found[2] ?? ''}`.replace(/:\s*$/, ''), label } : null;
}

/** `1. Group` of OpenSpec, also `2a. Group`. */
export function groupHeading(text: string): PhaseHeading | null {
  const found = groupNamed.exec(text);
  return found ? { number: Number.parseInt(found[1] ?? '', 10), title: withoutCheckpoint(found[2] ?? '').trim() || text.trim() } : null;
}

/** `User Story 2 - Title` without the word phase. */
export const storyHeading = (text: string): PhaseHeading | null =>
  storyNamed.test(text) && !/^(?:Tests?|Implementation|Checkpoint|Parallel|Dependenc)/i.test(text) ? { number: null, title: text.trim() } : null;

/** Kind of a phase by its heading; `story` only when the heading names one. */
export function phaseKind(text: string): PhaseKind {
  const title = phaseHeading(text)?.title ?? text;
  if (/^[^\p{L}]*(?:Foundation(?:al|s)?|Prerequisite|Core Infrastructure)/iu.test(title)) return 'foundational';
  if (/^[^\p{L}]*(?:Setup|Set-up)\b/iu.test(title)) return 'setup';
  if (/^[^\p{L}]*(?:Polish|Final|Convergence)\b/iu.test(title)) return 'polish';
  if (storyNamed.test(text)) return 'story';
  if (/Foundational|Blocking Prereq|\bFoundations?\b|基础|基礎|基盤/i.test(text)) return 'foundational';
  if (/\bSetup\b|Initiali[sz]ation|Scaffold|\bBootstrap|环境|設定|设置|搭建|セットアップ|初期化|初始化|准备|準備|Configuración/i.test(text)) return 'setup';
  if (/Polish|Cross-?Cutting|\bFinal\b|Convergence|打磨|ポリッシュ|磨き|收尾|Pulido/i.test(text)) return 'polish';
  return 'other';
}

/** Heading above prose that states dependencies. */
export const isDependencyHeading = (text: string): boolean =>
  /dependenc|depends|execution order|execution sequence|\bordering\b|依存|依赖|依賴|의존|执行顺序|執行順序|実行順|dependencias|dépendances|abhängigkeit|orden de ejecución/i.test(text);

/** Heading above boxes that a person ticks. */
export const isGateHeading = (text: string): boolean =>
  /checklist|validation|\bgates?\b|definition of done|acceptance|success criteria|checkpoint|verification|pre-merge|\breview\b|검증|検証|验证|驗證|验收|完了条件|체크리스트|チェックリスト|检查清单|檢查清單/i.test(text);

/** Heading of what a person confirms at the end of a track's phase: `Phase 1 Completion Verification`. It is no phase and no task of its own. */
export const isVerificationHeading = (text: string): boolean =>
  // Asked several times of each heading, and nearly none has the word.
  /verification/i.test(text) && /^[^\p{L}\p{N}]*(?:(?:(?:Task\s+)?\d[\d.]*\s*[:：.)–—-]?\s*)?Phase\s+[\w.]+\s*[:：–—-]?\s*)?Completion Verification\b|\bUser Manual Verification\b/iu.test(text);

/** Text of a box that is a gate wherever it stands. */
export const isGateText = (text: string): boolean =>
  /^\W*SC-\d+|^\W*(?:(?:Final|First|Intermediate|Interim|Midpoint|Last)\s+)?Checkpoint\b|User Manual Verification|Phase \d+ Completion Verification/i.test(text);

/** The title of a numbered box that is a checkpoint, as Kiro writes them: `Checkpoint - title`, `Final checkpoint`. `Checkpoint the state` is work. */
export const isCheckpointTitle = (title: string): boolean => /^\W*(?:(?:Final|First|Intermediate|Interim|Midpoint|Last)\s+)?Checkpoint\W*(?:[-–—:].*)?$/i.test(title);

/** `Task 1.1: title` or `Task 3 - title` as a heading: the id's number, or null. */
export const taskHeading = (text: string): boolean => /^\W*(?:Task|タスク|任务|任務|작업)\s*\d+[a-zA-Z]?(?:[.-]\d+[a-zA-Z]?)*\s*(?:[:：.–—-]|$)/.test(text);
