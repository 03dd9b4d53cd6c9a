import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { ask, onFailure, subscribe } from './bridge';
import { runAction } from './keyboard';
import { Replica } from './replica';
import { applyChange, showError, useStore } from './store';
import './ui/tokens.css';
import './ui/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('Internal error: the page has no root element');

onFailure(showError);
const replica = new Replica({ ask: () => ask('app.snapshot', {}), current: () => useStore.getState().snapshot, apply: applyChange, fail: showError });
// Listening starts before the first snapshot is asked for, so that no event falls between the two.
subscribe((event) => {
  if (event.type === 'menu') runAction(event.action);
  else if (event.type === 'state' || event.type === 'run') replica.receive(event);
});
void replica.load();
createRoot(root).render(<StrictMode><App /></StrictMode>);
