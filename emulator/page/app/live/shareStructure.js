/**
 * `next` with every part that equals its counterpart in `previous` replaced by that counterpart: what has not changed
 * stays the same object, so that only what has changed is drawn again.
 *
 * @template T
 * @param {unknown} previous
 * @param {T} next
 * @returns {T}
 */
export function shareStructure(previous, next) {
  return /** @type {T} */ (share(previous, next));
}

/**
 * @param {unknown} previous
 * @param {unknown} next
 * @returns {unknown}
 */
function share(previous, next) {
  if (Object.is(previous, next)) return previous;
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next);
  if (isPlain(previous) && isPlain(next)) return shareObject(previous, next);
  return next;
}

/**
 * @param {readonly unknown[]} previous
 * @param {readonly unknown[]} next
 */
function shareArray(previous, next) {
  const byId = new Map(previous.map((item, index) => [idOf(item) ?? index, item]));
  const shared = next.map((item, index) => share(byId.get(idOf(item) ?? index), item));
  const isSame = shared.length === previous.length && shared.every((item, index) => item === previous[index]);
  return isSame ? previous : shared;
}

/**
 * @param {Record<string, unknown>} previous
 * @param {Record<string, unknown>} next
 */
function shareObject(previous, next) {
  const names = Object.keys(next);
  const shared = Object.fromEntries(names.map((name) => [name, share(previous[name], next[name])]));
  const isSame =
    names.length === Object.keys(previous).length && names.every((name) => shared[name] === previous[name]);
  return isSame ? previous : shared;
}

/** @param {unknown} item */
function idOf(item) {
  return isPlain(item) && typeof item.id === 'string' ? item.id : undefined;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isPlain(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
