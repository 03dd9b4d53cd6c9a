import { IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import type { LaneCard, Page } from './lanes';

/** Says which lanes a full grid shows, and turns its pages. */
export function GridPager({ page, onShow }: { readonly page: Page<LaneCard>; readonly onShow: (card: LaneCard) => void }) {
  const { first, last, total, before, after } = page;
  return (
    <div className="grid-pager" role="group" aria-label="Pages of the grid">
      <IconButton small label="Previous lanes" icon={icons.left} unavailable={before === null ? 'These are the first lanes' : null} onClick={() => { if (before !== null) onShow(before); }} />
      <span className="sm sub" role="status">{first === last ? first : `${first}–${last}`} of {total}</span>
      <IconButton small label="Next lanes" icon={icons.right} unavailable={after === null ? 'These are the last lanes' : null} onClick={() => { if (after !== null) onShow(after); }} />
    </div>
  );
}
