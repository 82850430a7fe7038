// SPDX-License-Identifier: MIT

/** Calls `work` now, and `ms` after each end of it, until `signal` aborts; not while nobody sees the page. */
export async function repeat(ms, signal, work) {
  while (!signal.aborted) {
    if (!document.hidden) await work();
    await new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', seen);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const seen = () => {
        if (!document.hidden) done();
      };
      const timer = setTimeout(done, ms);
      document.addEventListener('visibilitychange', seen);
      signal.addEventListener('abort', done);
    });
  }
}
