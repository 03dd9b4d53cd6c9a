import { IconButton } from './button';
import { icons } from './icons';
import './toasts.css';

interface Toast {
  readonly id: number;
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
}

/** Failures of actions, until dismissed; whoever places them decides where. Nothing here needs an answer. */
export function Toasts({ toasts, onDismiss }: { readonly toasts: readonly Toast[]; readonly onDismiss: (id: number) => void }) {
  return (
    <div className="toasts">
      {toasts.map((toast) => (
        <div key={toast.id} className="toast" role="alert">
          <icons.alert className="toast-icon" />
          <div className="grow selectable">
            <p className="toast-title">{toast.title}</p>
            {toast.detail ? <p>{toast.detail}</p> : null}
            {toast.hint ? <p className="dim">{toast.hint}</p> : null}
          </div>
          <IconButton label="Dismiss" icon={icons.close} small onClick={() => onDismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
