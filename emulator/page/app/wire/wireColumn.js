/** @import { World } from '../../../src/world' */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Assumption } from '../shared/assumption.js';
import { html } from '../shared/html.js';
import { useTail } from '../shared/tail.js';
import { customersByConversation, filtered, NO_FILTER, WireFilter } from './wireFilter.js';
import { WireRow } from './wireRow.js';

const DRAWN = 150;

/**
 * The wire, newest at the bottom.
 *
 * @param {{ world: World, wanted: { id: string } | undefined }} props `wanted` is an entry to be shown: a new object for each wish.
 */
export function WireColumn({ world, wanted }) {
  const { wire, customers, desk, integration } = world;
  const [filter, setFilter] = useState(NO_FILTER);
  const [open, setOpen] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [focused, setFocused] = useState(/** @type {string | undefined} */ (undefined));
  const customerOf = useMemo(() => customersByConversation(customers, desk), [customers, desk]);
  const agents = useMemo(() => new Set(desk.map(({ id }) => id)), [desk]);
  const names = useMemo(() => new Map(customers.map(({ id, name }) => [id, name])), [customers]);
  const entries = useMemo(() => filtered(wire, filter, customerOf), [wire, filter, customerOf]);
  const tail = useTail(entries, DRAWN);

  const unfolded = useRef(/** @type {string | undefined} */ (undefined));
  const toggle = useCallback((/** @type {string} */ id) => {
    unfolded.current = id;
    setOpen((now) => toggled(now, id));
  }, []);
  useWanted(wanted, wire, tail, setFilter, setOpen);
  // What has been unfolded at the end must be in sight, and stay there; what was asked for is by now.
  useLayoutEffect(() => {
    if (unfolded.current !== undefined) bringIntoView(tail.box.current, unfolded.current);
    unfolded.current = undefined;
    tail.measure();
  }, [open]);

  const tabStop = tail.shown.some(({ id }) => id === focused) ? focused : tail.shown.at(-1)?.id;
  return html`<div class="column-head">
      <div class="title-line"><h2>The wire <span class="count">${entries.length === wire.length ? wire.length : `${entries.length} of ${wire.length}`}</span></h2><${Assumption} of="wire" /></div>
      <${WireFilter} filter=${filter} customers=${customers} onFilter=${setFilter} />
    </div>
    <p id="wire-keys" class="visually-hidden">The arrow keys move between the entries, Enter shows the details.</p>
    <div ref=${tail.box} class="wire-scroll" onScroll=${tail.measure} onKeyDown=${moveByKeys} onFocusIn=${(/** @type {FocusEvent} */ event) => setFocused((now) => entryOf(event.target)?.dataset.entry ?? now)}>
      ${tail.hiddenBefore > 0 && html`<button type="button" class="quiet earlier" onClick=${tail.showEarlier}>Show earlier entries (${tail.hiddenBefore})</button>`}
      ${entries.length === 0 && html`<p class="empty">${wire.length === 0 ? 'Nothing was on the wire yet.' : 'Nothing that fits the filter.'}</p>`}
      <ol class="wire-list" aria-label="Wire" aria-describedby="wire-keys">
        ${tail.shown.map((entry) => html`<${WireRow} key=${entry.id} entry=${entry} customer=${names.get(customerOf.get(entry.conversationId ?? '') ?? '')} isAgents=${entry.kind === 'toBot' && agents.has(entry.conversationId ?? '')} integration=${open.has(entry.id) ? integration : undefined} isTabStop=${entry.id === tabStop} onToggle=${toggle} />`)}
      </ol>
    </div>
    ${!tail.isFollowing && html`<button type="button" class="to-the-end" onClick=${tail.scrollToEnd}>${tail.newBelow > 0 ? `${tail.newBelow} new ↓` : 'To the newest ↓'}</button>`}`;
}

/**
 * The whole entry, or as much as there is room for, from its top.
 *
 * @param {HTMLElement | null} box
 * @param {string} id
 */
function bringIntoView(box, id) {
  rowOf(box, id)?.closest('.wire-entry')?.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {HTMLElement | null} box
 * @param {string} id
 */
function rowOf(box, id) {
  const row = box?.querySelector(`[data-entry="${CSS.escape(id)}"]`);
  return row instanceof HTMLElement ? row : undefined;
}

/**
 * @param {ReadonlySet<string>} open
 * @param {string} id
 */
function toggled(open, id) {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return next;
}

/**
 * Unfolds and focuses the entry that somebody asked for.
 *
 * @param {{ id: string } | undefined} wanted
 * @param {World['wire']} wire
 * @param {{ showFrom: (index: number) => void, box: { current: HTMLDivElement | null } }} tail
 * @param {(filter: typeof NO_FILTER) => void} setFilter
 * @param {(change: (open: ReadonlySet<string>) => ReadonlySet<string>) => void} setOpen
 */
function useWanted(wanted, wire, tail, setFilter, setOpen) {
  const pending = useRef(/** @type {string | undefined} */ (undefined));
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    const index = wire.findIndex(({ id }) => id === wanted.id);
    if (index === -1) return;
    pending.current = wanted.id;
    setFilter(NO_FILTER);
    tail.showFrom(Math.max(0, index - 3));
    setOpen((now) => new Set(now).add(wanted.id));
  }, [wanted]);
  // Only after the next drawing there is something to focus.
  useLayoutEffect(() => {
    if (pending.current === undefined) return;
    const row = rowOf(tail.box.current, pending.current);
    if (row?.getAttribute('aria-expanded') !== 'true') return;
    pending.current = undefined;
    row.scrollIntoView({ block: 'center' });
    row.focus();
  });
}

/** @param {EventTarget | null} target */
function entryOf(target) {
  return target instanceof HTMLElement && target.matches('.wire-row') ? target : undefined;
}

/** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
function moveByKeys(event) {
  const row = entryOf(event.target);
  if (row === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll('.wire-row')];
  const target = rows[targetIndex(event.key, rows.indexOf(row), rows.length)];
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  target.focus();
}

/**
 * @param {string} key
 * @param {number} index
 * @param {number} count
 */
function targetIndex(key, index, count) {
  if (key === 'ArrowDown') return Math.min(index + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(index - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return -1;
}
