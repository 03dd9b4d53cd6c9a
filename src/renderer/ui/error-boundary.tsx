import { Component, type ReactNode } from 'react';
import { Button } from './button';
import { icons } from './icons';
import { Empty } from './message';

interface Props {
  /** What is named as broken, e.g. `This view`. */
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps a bug in one part of the window from taking the rest with it; the run lives elsewhere and goes on. A new `key` tries again. */
export class ErrorBoundary extends Component<Props, { readonly failure: string | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(thrown: unknown): { readonly failure: string } {
    return { failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <Empty icon={icons.alert} title={`${this.props.what} cannot be shown`} action={<Button icon={icons.refresh} onClick={() => this.setState({ failure: null })}>Try again</Button>}>
        Braid made a mistake: {this.state.failure} The run goes on; please report this.
      </Empty>
    );
  }
}
