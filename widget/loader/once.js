// Loads a module once, and again after a failure.
/** `run`, once for all who ask; what failed once may work the next time. */
export const once = (run) => {
  let coming;
  return () => (coming ??= run().catch((error) => ((coming = undefined), Promise.reject(error))));
};
