/** @import { ServedWorld } from '../../src/world' */
/** @import { Connection } from './live/followWorld.js' */
/** @import { DialogName } from './bar/topBar.js' */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { IntegrationDialog } from './bar/integrationDialog.js';
import { IntegrationNotice } from './bar/integrationHealth.js';
import { TopBar } from './bar/topBar.js';
import { CustomersColumn } from './customers/customersColumn.js';
import { DeskColumn } from './desk/deskColumn.js';
import { FaultsDialog } from './faults/faultsDialog.js';
import { ActionsContext, createActions } from './live/actions.js';
import { ClockContext } from './live/clock.js';
import { followWorld } from './live/followWorld.js';
import { Announcer } from './shared/announcer.js';
import { html } from './shared/html.js';
import { Problems, ProblemsContext } from './shared/problems.js';
import { Tabs } from './shared/tabs.js';
import { useMedia } from './shared/useMedia.js';
import { ViolationsDialog } from './violations/violationsDialog.js';
import { WireColumn } from './wire/wireColumn.js';

const PHONE = '(max-width: 999px)';
const KEPT_PROBLEMS = 3;

/** @typedef {'customers' | 'wire' | 'desk'} PanelName */
/** @typedef {import('./shared/problems.js').Problem} Problem */

export function App() {
  const { world, receivedAt, connection } = useWorld();
  const { problems, actions } = useProblems();
  const clock = useMemo(
    () => (world === undefined ? undefined : { view: world.clock, receivedAt }),
    [world?.clock, receivedAt],
  );

  return html`<${ActionsContext.Provider} value=${actions}><${ProblemsContext.Provider} value=${problems}>
    <${ConnectionNotice} connection=${connection} />
    ${
      world === undefined || clock === undefined
        ? html`<p class="loading">Connecting to the emulator.</p>`
        : html`<${ClockContext.Provider} value=${clock}><${Page} world=${world} /><//>`
    }
    <${Problems} />
  <//><//>`;
}

/** The actions, and what they could not do. */
function useProblems() {
  const [problems, setProblems] = useState(/** @type {readonly Problem[]} */ ([]));
  const actions = useMemo(() => {
    let count = 0;
    return createActions((text) => {
      count += 1;
      const problem = { id: count, text };
      setProblems((now) => [...now, problem].slice(-KEPT_PROBLEMS));
    });
  }, []);
  const dismiss = useCallback(
    (/** @type {number} */ id) => setProblems((now) => now.filter((problem) => problem.id !== id)),
    [],
  );
  return { actions, problems: useMemo(() => ({ problems, dismiss }), [problems, dismiss]) };
}

function useWorld() {
  const [heard, setHeard] = useState(
    /** @type {{ world: ServedWorld | undefined, receivedAt: number }} */ ({
      world: undefined,
      receivedAt: 0,
    }),
  );
  const [connection, setConnection] = useState(/** @type {Connection} */ ('connecting'));
  useEffect(
    () =>
      followWorld({
        onWorld: (world, receivedAt) => setHeard({ world, receivedAt }),
        onConnection: setConnection,
      }),
    [],
  );
  return { ...heard, connection };
}

/** @param {{ connection: Connection }} props */
function ConnectionNotice({ connection }) {
  return html`<div role="status" class="notices">
    ${connection === 'lost' && html`<p class="notice bad" data-disconnected>Disconnected from the emulator: what you see may be old. Trying again…</p>`}
  </div>`;
}

/** @param {{ world: ServedWorld }} props */
function Page({ world }) {
  const isPhone = useMedia(PHONE);
  const [panel, setPanel] = useState(/** @type {PanelName} */ ('customers'));
  const [dialog, setDialog] = useState(/** @type {DialogName | undefined} */ (undefined));
  const [wanted, setWanted] = useState(/** @type {{ id: string } | undefined} */ (undefined));
  const closeDialog = useCallback(() => setDialog(undefined), []);
  const openIntegration = useCallback(() => setDialog('integration'), []);
  const show = useCallback((/** @type {string} */ id) => {
    setDialog(undefined);
    setPanel('wire');
    setWanted({ id });
  }, []);

  return html`
    <${Announcer} world=${world} />
    <${TopBar} world=${world} isPhone=${isPhone} onOpen=${setDialog} />
    <${IntegrationNotice} integration=${world.integration} onEdit=${openIntegration} />
    <main class="columns">
      ${isPhone && html`<${Tabs} tabs=${tabsOf(world)} chosen=${panel} onChoose=${setPanel} />`}
      <${Panel} name="customers" label="Customers" isPhone=${isPhone} chosen=${panel}><${CustomersColumn} customers=${world.customers} transcriptUrl=${world.integration.transcriptUrl} /><//>
      <${Panel} name="wire" label="The wire" isPhone=${isPhone} chosen=${panel}><${WireColumn} world=${world} wanted=${wanted} /><//>
      <${Panel} name="desk" label="Agent’s desk" isPhone=${isPhone} chosen=${panel}><${DeskColumn} desk=${world.desk} /><//>
    </main>
    ${dialog === 'integration' && html`<${IntegrationDialog} integration=${world.integration} onClose=${closeDialog} />`}
    ${dialog === 'faults' && html`<${FaultsDialog} world=${world} onClose=${closeDialog} />`}
    ${dialog === 'violations' && html`<${ViolationsDialog} world=${world} onClose=${closeDialog} onShow=${show} />`}
  `;
}

/** @param {ServedWorld} world @returns {readonly { name: PanelName, label: unknown }[]} */
function tabsOf(world) {
  const queued = world.desk.filter(({ status }) => status === 'queued').length;
  return [
    { name: 'customers', label: 'Customers' },
    { name: 'wire', label: 'Wire' },
    {
      name: 'desk',
      label: html`Desk${queued > 0 && html` <span class="count">${queued}<span class="visually-hidden"> waiting</span></span>`}`,
    },
  ];
}

/**
 * A column on a laptop, the panel of a tab on a phone. It stays drawn while it is hidden: what was typed is kept.
 *
 * @param {{ name: PanelName, label: string, isPhone: boolean, chosen: PanelName, children?: unknown }} props
 */
function Panel({ name, label, isPhone, chosen, children }) {
  const id = `panel-${name}`;
  const roles = isPhone ? { role: 'tabpanel', 'aria-labelledby': `tab-${name}` } : { 'aria-label': label };
  return html`<section id=${id} class=${`column ${name}`} hidden=${isPhone && chosen !== name} ...${roles}>${children}</section>`;
}
