/**
 * Runs in the page: notes when each marker became visible, and how the main thread fared.
 *
 * A marker is visible when the frame that has it was painted: the message that an animation frame
 * posts comes behind the frame's layout and paint. Only what changed is looked at, so that watching
 * costs little, and the same in every page.
 */
(() => {
  const MARKER = /q[0-9a-z]{4}/g;
  const TICK = 10;
  const now = () => performance.timeOrigin + performance.now();

  window.benchWatch = root => {
    const seen = new Map();
    const scanned = new WeakMap();
    const long = [];
    let fresh = [];
    let worstTimer = 0;
    let running = true;

    const take = text => {
      for (const [word] of text.matchAll(MARKER)) {
        const index = parseInt(word.slice(1), 36);
        if (!seen.has(index)) {
          seen.set(index, 0);
          fresh.push(index);
        }
      }
    };
    const look = record => {
      if (record.type === 'characterData') {
        const { data } = record.target;
        const done = scanned.get(record.target) ?? 0;
        // A marker may have begun in what was there before.
        take(data.length < done ? data : data.slice(Math.max(0, done - 8)));
        scanned.set(record.target, data.length);
      } else {
        record.addedNodes.forEach(node => take(node.textContent ?? ''));
      }
    };
    const mutations = new MutationObserver(records => records.forEach(look));
    mutations.observe(root, {
      subtree: true,
      childList: true,
      characterData: true
    });

    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      const at = now();
      fresh.forEach(index => seen.set(index, at));
      fresh = [];
    };
    const frame = () => {
      if (running) {
        painted.port2.postMessage(null);
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);

    let due = performance.now() + TICK;
    const timer = setInterval(() => {
      const at = performance.now();
      worstTimer = Math.max(worstTimer, at - due);
      due = at + TICK;
    }, TICK);
    const tasks = new PerformanceObserver(list =>
      list.getEntries().forEach(entry => long.push(entry.duration))
    );
    tasks.observe({ type: 'longtask' });

    return {
      /** Whether a chunk was painted. */
      shown: index => (seen.get(index) ?? 0) > 0,
      stop: () => {
        running = false;
        clearInterval(timer);
        mutations.disconnect();
        tasks.takeRecords().forEach(entry => long.push(entry.duration));
        tasks.disconnect();
        return {
          seen: Array.from(seen).filter(([, at]) => at > 0),
          longest: Math.max(0, ...long),
          longTasks: long.length,
          worstTimer
        };
      }
    };
  };
})();
