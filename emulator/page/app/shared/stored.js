import { useCallback, useState } from 'preact/hooks';

/**
 * A word that this browser remembers.
 *
 * @param {string} name
 * @param {string} otherwise
 * @returns {[value: string, set: (value: string) => void]}
 */
export function useStored(name, otherwise) {
  const key = `webex-connect-emulator.${name}`;
  const [value, setValue] = useState(() => read(key) ?? otherwise);
  const set = useCallback(
    (/** @type {string} */ next) => {
      setValue(next);
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
