import { useEffect, useRef } from 'react';
import type { AgentInfo } from '../../../shared/domain';
import { agentNames } from '../../../shared/options';
import { useKeptDraft, wrongField } from '../../drafts';
import { setOptions, useOptions } from '../../options';
import { setWindow, useStore } from '../../store';
import { Disclosure } from '../../ui/disclosure';
import { NumberField } from '../../ui/number-field';
import { type Choice, Select } from '../../ui/select';
import { Switch } from '../../ui/switch';
import { TextField } from '../../ui/text-field';
import { OptionsForm } from './options-form';

type AgentName = AgentInfo['name'];

/** Agents in the contract's order; those that are not ready say why and cannot be chosen, but for the custom one, which needs its command first. */
export function agentChoices(agents: readonly AgentInfo[]): readonly Choice<AgentName>[] {
  return agentNames.flatMap((name): Choice<AgentName>[] => {
    const agent = agents.find((known) => known.name === name);
    if (name === 'custom') return [{ value: name, label: name, detail: 'Any command line' }];
    if (agent === undefined) return [];
    const about = agent.version === null || agent.version === '' ? agent.title : `${agent.title} ${agent.version}`;
    return [{ value: name, label: name, detail: agent.ready ? about : agent.reason ?? 'Not ready', disabled: !agent.ready }];
  });
}

/** Scrolls to the field that keeps a run from starting as soon as it is wrong, and moves the focus there when a start was tried. */
function useWrongField() {
  const form = useRef<HTMLDivElement | null>(null);
  const requests = useStore((state) => state.wrongRequests);
  const wrong = useStore((state) => wrongField(state.drafts));
  const asked = useRef(requests);
  useEffect(() => {
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (asked.current !== requests) field?.focus({ preventScroll: true });
    asked.current = requests;
    field?.closest('.field-row')?.scrollIntoView({ block: 'nearest' });
  }, [requests, wrong]);
  return form;
}

/** What the next run uses. While one goes on the controls are off: they would change nothing about it. */
export function Controls() {
  const options = useOptions();
  const agents = useStore((state) => state.snapshot?.agents);
  const live = useStore((state) => Boolean(state.snapshot?.liveRun));
  const open = useStore((state) => state.optionsOpen);
  const parallel = useKeptDraft('Max parallel');
  const form = useWrongField();
  if (options === null || agents === undefined) return null;
  return (
    <div className="controls" ref={form}>
      <div className="controls-grid">
        <div className="field-row control-agent">
          <span className="field-label">Agent</span>
          <Select label="Agent" value={options.agent} choices={agentChoices(agents)} disabled={live} onChange={(agent) => setOptions({ agent })} />
        </div>
        <div className="field-row" title="Max parallel">
          <span className="field-label">Max<span className="not-low"> parallel</span></span>
          <NumberField label="Max parallel" kept={parallel} value={options.maxParallel} min={1} max={64} disabled={live} onChange={(maxParallel) => setOptions({ maxParallel })} />
        </div>
        <div className="field-row">
          <span className="field-label">Worktrees</span>
          <span className="controls-switch"><Switch label="Worktrees" checked={options.worktrees} disabled={live} onChange={(worktrees) => setOptions({ worktrees })} /></span>
        </div>
      </div>
      {options.agent === 'custom' ? (
        <div className="field-row control-command">
          <span className="field-label">Command line</span>
          <TextField label="Command line" title={options.agentCommand ?? undefined} mono value={options.agentCommand ?? ''} disabled={live} placeholder="my-agent --task {{PROMPT_FILE}}" onChange={(text) => setOptions({ agentCommand: text.trim() === '' ? null : text })} />
          <span className="field-help">{'{{PROMPT}} or {{PROMPT_FILE}} stands for the task; no shell.'}</span>
        </div>
      ) : null}
      <div>
        <Disclosure title="Options" open={open} onToggle={() => setWindow({ optionsOpen: !open })}><OptionsForm options={options} agents={agents} disabled={live} /></Disclosure>
      </div>
    </div>
  );
}
