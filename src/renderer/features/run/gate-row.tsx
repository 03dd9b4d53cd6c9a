import { memo } from 'react';
import type { Gate } from '../../../shared/domain';
import { goToLine } from '../../store';
import { icons } from '../../ui/icons';
import './gate-row.css';

/** A box that a person ticks in the file. It is no task and shows no checkbox; pressing it leads to its line. */
export const GateRow = memo(function GateRow({ gate }: { readonly gate: Gate }) {
  const place = `${gate.file}, line ${gate.line}`;
  return (
    <button type="button" className={`gate ${gate.done ? 'is-done' : ''}`} data-roving="" tabIndex={-1} title={`${gate.title}\n${place}`} aria-label={`Gate ${gate.done ? 'passed' : 'open'}: ${gate.title}, ${place}`} onClick={() => goToLine(gate.file, gate.line)}>
      {gate.done ? <icons.gateDone /> : <icons.gate />}
      <span className="gate-title">{gate.title}</span>
      <span className="gate-end">{gate.done ? 'passed' : 'by you'}</span>
    </button>
  );
});
