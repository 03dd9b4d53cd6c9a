/**
 * The life of one run. Each step is: decide (pure `schedule`), act (an attempt on a lane, an integration), journal the
 * event durably, fold it with `reduce`, publish it, decide again. Nothing is shown before it is on disk.
 */
import type { GateAnswer, RunControl } from '../../../shared/control';
import type { AppError } from '../../../shared/errors';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import { askedGate } from '../../../shared/gates';
import { err, ok, type Result } from '../../../shared/result';
import { countTasks, reduce, type Run } from '../../../shared/run';
import { diskEvents, nextLook, releases, timeOver } from './bounds';
import { editWords } from './edits';
import { atMarker, checkpointDue } from './checkpoints';
import type { Adopted } from './adopt';
import { followAttempt, runAttempt } from './attempt';
import type { CommandContext } from './checks';
import { answerGate, takeStep } from './gate-keeper';
import { gateStep } from './gate-steps';
import type { LaneProcess, RunWorld } from './ports';
import { reaction } from './reactions';
import { mayStart, schedule, type Action } from './schedule';
import { decision, tellings } from './steering';

/** What an attempt may do to the run it belongs to. */
export interface EngineContext extends CommandContext {
  readonly world: RunWorld;
  emit(event: RunEventDraft): Promise<void>;
  /** Runs `work` when no other integration of this run is under way. */
  integrating<T>(work: () => Promise<T>): Promise<T>;
}

export class Engine {
  #run: Run;
  /** Task -> lane of every dispatch, from its decision until nothing of it is left to say: only then may the task start again. */
  #working = new Map<string, string>();
  /** Tasks of dispatches that are not in the journal yet. */
  #starting = new Set<string>();
  #processes = new Set<LaneProcess>();
  #emitting: Promise<void> = Promise.resolve();
  #integration: Promise<unknown> = Promise.resolve();
  #ticking = false;
  #again = false;
  #stopping = false;
  /** The checks of a gate are under way. */
  #checking = false;
  #takeAdded = false;
  #leaving = false;
  #left = false;
  #failure: AppError | null = null;
  #began: number;
  #unwake: () => void = () => undefined;
  #settle: (result: Result<Run, AppError>) => void = () => undefined;
  /** Resolves when the run is finished, or with the error that made going on unsafe (a journal that cannot be written). */
  readonly finished: Promise<Result<Run, AppError>>;

  /** `adopted`: attempts of a Braid that died, which go on. */
  constructor(private readonly world: RunWorld, run: Run, private adopted: readonly Adopted[] = []) {
    this.#run = run;
    this.#began = world.now().getTime();
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get run(): Run {
    return this.#run;
  }

  /** Looks at the task files and schedules; harmless at any time. */
  start(): void {
    const { adopted } = this;
    this.adopted = [];
    for (const attempt of adopted) void this.#work(attempt.memo, () => followAttempt(this.#context(), attempt));
    void this.#tick();
  }

  /** No new tasks; running ones go on. */
  async pause(): Promise<void> {
    if (this.#run.state === 'running') await this.#emit({ type: 'run.paused' });
  }

  /** No new tasks; the run ends when those at work have. `waiting`: a checkpoint that nobody was there to answer. */
  async stopAfterCurrent(waiting = false): Promise<void> {
    if (this.#run.state === 'running' || this.#run.state === 'paused') await this.#emit({ type: 'run.stopping', after: 'current', waiting });
    void this.#tick();
  }

  /** Does what a person says about one task; resolves with what stands against it, '' for nothing. */
  async tell(control: Extract<RunControl, { task: string }>): Promise<string> {
    const task = this.#run.tasks[control.task];
    if (!task) return `it has no task ${control.task}`;
    if (this.#run.state !== 'running' && this.#run.state !== 'paused') return 'it is ending';
    const events = tellings(this.#run, task, control, this.#starting.has(task.id));
    if (typeof events === 'string') return events;
    for (const event of events) await this.#emit(event);
    void this.#tick();
    return '';
  }

  /**
   * Lets new tasks start again; a run that is not paused but waits for its agent's account tries it now. Resolves with what stands against it, '' for
   * nothing: a red gate wants its own word.
   */
  async resume(): Promise<string> {
    if (askedGate(this.#run)) return this.gate('pass');
    const waiting = this.#run.state === 'running' ? Object.entries(this.#run.limits).filter(([, limit]) => limit.active) : [];
    if (this.#run.state === 'paused') await this.#emit({ type: 'run.resumed' });
    for (const [agent] of waiting) await this.#emit({ type: 'agent.released', agent });
    void this.#tick();
    return '';
  }

  /** Does what a person answers at the gate of a phase; resolves with what stands against it, '' for nothing. */
  async gate(answer: GateAnswer): Promise<string> {
    const detail = this.#checking ? 'its checks are under way' : await answerGate(this.#context(), answer);
    void this.#tick();
    return detail;
  }

  /** Says something about the run that a person should know; nothing is said of one that is finished. */
  async notify(code: string, text: string): Promise<void> {
    try {
      if (this.#run.state !== 'finished') await this.#emit({ type: 'notice', level: 'warning', code, text, task: null });
    } catch (cause) {
      this.#caught(cause);
    }
  }

  /** Tasks that appeared in the task files since the run began become part of it. */
  async takeIn(): Promise<void> {
    if (this.#run.state === 'finished') return;
    this.#takeAdded = true;
    await this.#tick();
  }

  /** Ends every process of every lane and keeps all work; resolves when the run is finished. */
  async stop(): Promise<void> {
    if (this.#run.state === 'finished') return;
    if (!this.#stopping) await this.#endNow({ type: 'run.stopping' });
    await this.finished;
  }

  async #endNow(event: Extract<RunEventDraft, { type: 'run.stopping' }>): Promise<void> {
    this.#stopping = true;
    await this.#emit(event);
    await Promise.all([...this.#processes].map((process) => process.stop()));
    void this.#tick();
  }

  /**
   * Lets go of the run while its agents go on in their host: nothing more is started, and nothing more is journaled once the integration
   * that is under way has come to its end. `finished` never resolves then.
   */
  async leave(): Promise<void> {
    this.#leaving = true;
    this.#unwake();
    await this.#integration;
    this.#left = true;
    await this.#emitting;
  }

  #context(): EngineContext {
    return {
      world: this.world,
      run: () => this.#run,
      emit: (event) => this.#emit(event),
      isStopping: () => this.#stopping,
      track: (process) => {
        this.#processes.add(process);
        if (this.#stopping) void process.stop();
        return () => void this.#processes.delete(process);
      },
      integrating: (work) => this.#inTurn(work),
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#integration.then(() => {
      if (this.#leaving) throw new EngineStopped();
      return work();
    });
    // The chain goes on after a failure; whoever asked for `next` sees it.
    this.#integration = next.catch(() => undefined);
    return next;
  }

  /** Journal, fold, publish, in one order for all callers. */
  #emit(draft: RunEventDraft): Promise<void> {
    const next = this.#emitting.then(async () => {
      if (this.#failure || this.#left) throw new EngineStopped();
      // A draft is an event without its two stamps, which are added here.
      const event = { ...draft, at: this.world.now().toISOString(), run: this.#run.id } as RunEvent;
      const written = await this.world.append(event);
      if (!written.ok) throw this.#fail(written.error);
      this.#run = reduce(this.#run, event) ?? this.#run;
      this.world.publish(event, this.#run);
    });
    this.#emitting = next.catch(() => undefined);
    return next;
  }

  /** The journal cannot be trusted any more: end the agents, keep everything, say why. */
  #fail(error: AppError): EngineStopped {
    this.#failure = error;
    this.#stopping = true;
    this.#unwake();
    void Promise.all([...this.#processes].map((process) => process.stop())).then(() => this.#settle(err(error)));
    return new EngineStopped();
  }

  async #tick(): Promise<void> {
    if (this.#leaving) return;
    if (this.#ticking) {
      this.#again = true;
      return;
    }
    this.#ticking = true;
    try {
      do {
        this.#again = false;
        await this.#lookAtSpec();
        await this.#keepBounds();
        await this.#atGate();
        await this.#atCheckpoint();
        for (const action of schedule(this.#run, this.#claims())) {
          if (action.type === 'finish' && this.#checking) continue;
          await this.#explain(action);
          await this.#perform(action);
        }
      } while (this.#again);
    } catch (cause) {
      this.#caught(cause);
    } finally {
      this.#ticking = false;
      this.#sleep();
    }
  }

  /** Edits of the task files are noticed at scheduling points only: what has started is never changed. */
  async #lookAtSpec(): Promise<void> {
    if (this.#stopping) return;
    const takeAdded = this.#takeAdded;
    this.#takeAdded = false;
    const edits = await this.world.edits(this.#run, takeAdded);
    if (edits === null) return;
    const { taken, offered } = edits;
    const text = editWords(edits);
    if (text !== '') await this.#emit({ type: 'spec.edited', text, offered });
    if (taken) {
      await this.#emit({ type: 'tasks.changed', tasks: [...taken.tasks], ticked: [...taken.ticked], reopened: [...taken.reopened], ...(taken.blocked.length > 0 ? { blocked: [...taken.blocked] } : {}), order: [...taken.order], waves: taken.waves.map((wave) => [...wave]) });
    }
    for (const { task, reason } of taken?.skipped ?? []) await this.#emit({ type: 'task.skipped', task, reason });
  }

  /** Limits that are over, room on the disk, the run's time and budget, and what its failures mean. */
  async #keepBounds(): Promise<void> {
    const now = this.world.now();
    for (const event of releases(this.#run, now)) await this.#emit(event);
    const over = this.#stopping ? null : timeOver(this.#run, this.#began, now);
    // Not waited for: the ends of the attempts come back here.
    if (over) void this.#endNow(over).catch((cause: unknown) => this.#caught(cause));
    const { free, needed } = await this.world.disk();
    for (const event of diskEvents(this.#run, free, needed)) await this.#emit(event);
    const event = reaction(this.#run);
    if (event) await this.#emit(event);
  }

  /** Looks again when time alone may change something. */
  #sleep(): void {
    this.#unwake();
    const isOver = this.#run.state === 'finished' || this.#failure !== null || this.#leaving;
    const milliseconds = isOver ? null : nextLook(this.#run, this.#began, this.world.now());
    this.#unwake = milliseconds === null ? () => undefined : this.world.after(milliseconds, () => void this.#tick());
  }

  /** The steps of a gate until it waits: for its checks, for a fix attempt, or for a person. */
  async #atGate(): Promise<void> {
    for (;;) {
      const step = this.#checking || this.#stopping ? null : gateStep(this.#run, this.#claims().size > 0);
      if (step === null) return;
      if (step.type !== 'check') {
        await takeStep(this.#context(), step);
        continue;
      }
      this.#checking = true;
      void takeStep(this.#context(), step).catch((cause: unknown) => this.#caught(cause)).finally(() => {
        this.#checking = false;
        void this.#tick();
      });
      return;
    }
  }

  async #atCheckpoint(): Promise<void> {
    const reason = checkpointDue(this.#run);
    if (reason !== null) await this.#emit({ type: 'run.paused', reason, checkpoint: true, commit: this.#run.integrationTip });
    const marker = atMarker(this.#run, this.#claims().size > 0);
    if (marker !== null) await this.#emit(marker);
  }

  /** Debug style: each decision is said with its reason. */
  async #explain(action: Action): Promise<void> {
    if (this.#run.options.style !== 'debug' || action.type === 'finish') return;
    await this.#emit({ type: 'notice', level: 'info', code: 'decision', text: decision(this.#run, action), task: action.task });
  }

  async #perform(action: Action): Promise<void> {
    switch (action.type) {
      case 'skip':
        await this.#emit({ type: 'task.skipped', task: action.task, reason: action.reason });
        this.#again = true;
        return;
      case 'start':
        // What was decided a moment ago may have been overtaken by a person's word.
        if (this.#run.state !== 'running' || this.#working.has(action.task) || !mayStart(this.#run, action.task)) {
          this.#again = true;
          return;
        }
        this.#starting.add(action.task);
        void this.#work(action, () => runAttempt(this.#context(), { ...action, claimed: () => void this.#starting.delete(action.task) }));
        return;
      case 'finish': {
        await this.world.beforeFinish(this.#context());
        const counts = countTasks(this.#run);
        await this.#emit({ type: 'run.finished', status: action.status, done: counts.done, failed: counts.failed, skipped: counts.skipped });
        await this.world.settled();
        this.#settle(ok(this.#run));
      }
    }
  }

  /** What the scheduler has to leave alone; a task that is done has nothing left to say. */
  #claims(): ReadonlyMap<string, string> {
    return new Map([...this.#working].filter(([task]) => this.#run.tasks[task]?.state !== 'done'));
  }

  async #work({ task, lane }: { readonly task: string; readonly lane: string }, attempt: () => Promise<void>): Promise<void> {
    this.#working.set(task, lane);
    try {
      await attempt();
    } catch (cause) {
      this.#caught(cause);
    } finally {
      this.#starting.delete(task);
      this.#working.delete(task);
      void this.#tick();
    }
  }

  #caught(cause: unknown): void {
    if (cause instanceof EngineStopped) return;
    this.#fail({ kind: 'internal', detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** Unwinds attempts that must not go on: the journal failed, which was reported already, or the run was let go. */
class EngineStopped extends Error {}
