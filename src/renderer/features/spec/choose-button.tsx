import { useState } from 'react';
import { perform } from '../../bridge';
import { Button, IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { shortcut } from '../../ui/shortcut';

const name = 'Choose spec folder…';

/** Opens the system's folder dialog. One is on screen at a time: `large` on the start screen, `small` where there is no room. */
export function ChooseButton({ look }: { readonly look: 'large' | 'normal' | 'small' }) {
  const [busy, setBusy] = useState(false);
  const choose = async (): Promise<void> => {
    setBusy(true);
    await perform('spec.choose', {});
    setBusy(false);
  };
  if (look === 'small') return <IconButton label={name} icon={icons.folder} keys={shortcut('O')} onClick={() => void choose()} />;
  return <Button kind={look === 'large' ? 'primary' : 'default'} size={look === 'large' ? 'lg' : 'md'} icon={icons.folder} busy={busy} onClick={() => void choose()}>{name}</Button>;
}
