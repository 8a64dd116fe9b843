import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

const NEAR_THE_END_PX = 40;

/**
 * The end of a growing list in a scrolling box: stays at the end unless the user has scrolled up, and draws only the
 * latest items, for nobody reads two thousand.
 *
 * @template {{ id: string }} T
 * @param {readonly T[]} items
 * @param {number} count How many items are drawn at first, and how many more at each wish.
 */
export function useTail(items, count) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const isAtEnd = useRef(true);
  const [isFollowing, setIsFollowing] = useState(true);
  const [wanted, setWanted] = useState(count);
  const firstId = useRef(/** @type {string | undefined} */ (undefined));
  const seenId = useRef(/** @type {string | undefined} */ (undefined));

  // What the user reads must not be taken away from above when something comes in below.
  const kept = isAtEnd.current ? -1 : items.findIndex((item) => item.id === firstId.current);
  const latest = Math.max(0, items.length - wanted);
  const start = kept === -1 ? latest : Math.min(kept, latest);
  firstId.current = items[start]?.id;

  const lastId = items.at(-1)?.id;
  if (isAtEnd.current) seenId.current = lastId;
  const seen = items.findLastIndex((item) => item.id === seenId.current);

  const measure = useCallback(() => {
    const node = box.current;
    if (node === null) return;
    isAtEnd.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_THE_END_PX;
    setIsFollowing(isAtEnd.current);
    if (isAtEnd.current) setWanted(count);
  }, [count]);

  const scrollToEnd = useCallback(() => {
    const node = box.current;
    if (node === null) return;
    node.scrollTop = node.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (isAtEnd.current) scrollToEnd();
  }, [items, scrollToEnd]);

  // A box that was hidden, or has another size now, has lost its place.
  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) scrollToEnd();
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [scrollToEnd]);

  return {
    box,
    shown: start === 0 ? items : items.slice(start),
    hiddenBefore: start,
    isFollowing,
    newBelow: isFollowing || seen === -1 ? 0 : items.length - 1 - seen,
    measure,
    scrollToEnd,
    showEarlier: useCallback(() => {
      isAtEnd.current = false;
      setIsFollowing(false);
      setWanted((now) => now + count);
    }, [count]),
    /** Draws from this item on. */
    showFrom: useCallback(
      (/** @type {number} */ index) => {
        isAtEnd.current = false;
        setIsFollowing(false);
        setWanted(items.length - index);
      },
      [items],
    ),
  };
}
