// Promises and microtasks for tasks.rs. No state.

export function soon(run) {
  queueMicrotask(run);
}

// What becomes of a promise is kept in what is returned; `run` is called when it is there.
export function watch(promise, run) {
  const seen = {};
  Promise.resolve(promise)
    .then(
      (value) => (seen.value = value),
      (error) => (seen.failed = [error]),
    )
    .then(run);
  return seen;
}

export function outcome({ value, failed }) {
  if (failed) throw failed[0];
  return value;
}
