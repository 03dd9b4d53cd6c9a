/** Puts `text` on the clipboard; false when the system refused. Must be called from a click or key press. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused without the clipboard permission; the copy command of a user gesture needs none.
    return copyByCommand(text);
  }
}

function copyByCommand(text: string): boolean {
  const serve = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', serve, { capture: true, once: true });
  const done = document.execCommand('copy');
  document.removeEventListener('copy', serve, { capture: true });
  return done;
}
