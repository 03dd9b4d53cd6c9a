import { useEffect, useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Puts the theme on the document, following the system where that was chosen. Returns the theme that holds. */
export function useTheme(theme: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const effective = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = effective;
  }, [effective]);
  return effective;
}
