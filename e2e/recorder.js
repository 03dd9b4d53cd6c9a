/**
 * Runs inside the page (its text is evaluated there), so it is plain JavaScript. Records the time from each frame to the next, tasks that
 * block the page for more than 50 ms, and how many nodes come and go.
 */
(() => {
  const start = () => {
    const frames = [];
    const long = [];
    let nodes = 0;
    let last = null;
    let on = true;
    const frame = (now) => {
      if (last !== null) frames.push(now - last);
      last = now;
      if (on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const tasks = new PerformanceObserver((list) => { for (const entry of list.getEntries()) long.push(entry.duration); });
    tasks.observe({ type: 'longtask' });
    const counter = new MutationObserver((changes) => { for (const change of changes) nodes += change.addedNodes.length + change.removedNodes.length; });
    counter.observe(document.body, { childList: true, subtree: true });
    return () => {
      on = false;
      for (const entry of tasks.takeRecords()) long.push(entry.duration);
      tasks.disconnect();
      counter.disconnect();
      return { frames, long, nodes };
    };
  };
  /** Resolves after so many frames. */
  const settle = (count) => new Promise((done) => {
    const next = (left) => { if (left === 0) done(); else requestAnimationFrame(() => next(left - 1)); };
    next(count);
  });
  /** Resolves when the element says the text; looks only when something changed, as polling would itself make frames late. */
  const says = (selector, text) => new Promise((done) => {
    const look = () => {
      if (!document.querySelector(selector)?.textContent.includes(text)) return;
      observer.disconnect();
      done();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
  window.recorder = { start, settle, says };
})();
