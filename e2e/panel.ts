/** Places of the Auto Run panel that many tests look at, by the names of contracts.md. */
import type { Locator, Page } from '@playwright/test';

export const taskRow = (page: Page, id: string): Locator => page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: new RegExp(`^${id}`) });
export const runButton = (page: Page): Locator => page.getByRole('button', { name: 'Run', exact: true });
export const runStatus = (page: Page): Locator => page.getByRole('status', { name: 'Run status' });

/** Opens a select and takes one of its options. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}
