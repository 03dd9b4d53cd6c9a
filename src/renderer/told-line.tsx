import { travel } from './overrides';
import { setWindow, useStore } from './store';
import { Button } from './ui/button';
import { icons } from './ui/icons';
import { shortcut } from './ui/shortcut';
import { Told } from './ui/told';

const done = (): void => setWindow({ told: null });

/** What was just done with the dependencies, with the way back. */
export function ToldLine() {
  const told = useStore((state) => state.told);
  const offers = told?.offers ?? null;
  const action = offers === null ? null : offers === 'undo'
    ? <Button size="sm" icon={icons.undo} keys={shortcut('Z')} onClick={() => void travel('undo')}>Undo</Button>
    : <Button size="sm" icon={icons.refresh} keys={shortcut('Z', true)} onClick={() => void travel('redo')}>Redo</Button>;
  return <Told told={told} action={action} onDone={done} />;
}
