import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { subscribe } from './bridge';
import { runAction } from './keyboard';
import { applyEvent, loadSnapshot } from './store';
import './ui/tokens.css';
import './ui/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('Internal error: the page has no root element');

// Listening starts before the first snapshot is asked for, so that no event falls between the two.
subscribe((event) => {
  if (event.type === 'menu') runAction(event.action);
  else applyEvent(event);
});
void loadSnapshot();
createRoot(root).render(<StrictMode><App /></StrictMode>);
