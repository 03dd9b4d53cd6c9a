/** Reads the terminal's colours and font from the design tokens, as plain values that xterm understands. */
import type { ITheme } from '@xterm/xterm';

/** What a terminal takes from the tokens; colours are `#rrggbb`, as xterm's search highlights need. */
export interface Palette {
  readonly theme: ITheme;
  readonly fontFamily: string;
  readonly match: { readonly background: string; readonly active: string; readonly ruler: string };
}

/** Reads the tokens that are in force on `root` now; call it again after the theme changed. */
export function readPalette(root: HTMLElement): Palette {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const ansi = (name: string): string => token(`--term-${name}`);
  return {
    fontFamily: token('--font-mono'),
    match: { background: token('--waiting-bg'), active: token('--waiting-mark'), ruler: token('--waiting-mark') },
    theme: {
      background: ansi('bg'), foreground: ansi('fg'), cursor: ansi('cursor'), cursorAccent: ansi('bg'),
      selectionBackground: ansi('selection'), selectionInactiveBackground: ansi('selection'),
      scrollbarSliderBackground: token('--border-strong'), scrollbarSliderHoverBackground: token('--border-control'),
      scrollbarSliderActiveBackground: token('--border-control'), overviewRulerBorder: ansi('bg'),
      black: ansi('black'), red: ansi('red'), green: ansi('green'), yellow: ansi('yellow'),
      blue: ansi('blue'), magenta: ansi('magenta'), cyan: ansi('cyan'), white: ansi('white'),
      brightBlack: ansi('bright-black'), brightRed: ansi('bright-red'), brightGreen: ansi('bright-green'),
      brightYellow: ansi('bright-yellow'), brightBlue: ansi('bright-blue'), brightMagenta: ansi('bright-magenta'),
      brightCyan: ansi('bright-cyan'), brightWhite: ansi('bright-white'),
    },
  };
}
