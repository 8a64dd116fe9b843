import { useCallback, useEffect, useState } from 'preact/hooks';

/** Who shows a word, to be told of another one. @type {Map<string, Set<(value: string) => void>>} */
const watchers = new Map();

/**
 * A word that this browser remembers, the same for all who use its name.
 *
 * @param {string} name
 * @param {string} otherwise
 * @returns {[value: string, set: (value: string) => void]}
 */
export function useStored(name, otherwise) {
  const key = `webex-connect-emulator.${name}`;
  const [value, setValue] = useState(() => read(key) ?? otherwise);
  useEffect(() => {
    const watching = watchers.get(key) ?? new Set();
    watchers.set(key, watching.add(setValue));
    return () => {
      watching.delete(setValue);
    };
  }, [key]);
  const set = useCallback(
    (/** @type {string} */ next) => {
      for (const tell of watchers.get(key) ?? []) tell(next);
      write(key, next);
    },
    [key],
  );
  return [value, set];
}

// A browser may forbid storage altogether; the page works without.
/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {}
}
