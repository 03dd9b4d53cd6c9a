/** What axe finds in a window. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Each violation in a line, short enough to read in a report; empty when axe finds nothing. */
export async function problems(page: Page): Promise<readonly string[]> {
  // Legacy mode stays in this window: Electron cannot open the second page that axe would use.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`));
}
