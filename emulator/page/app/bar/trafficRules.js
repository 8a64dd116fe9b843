/** @import { Dialect, RoutingRule } from '../../../src/world' */
import { useActions } from '../live/actions.js';
import { Assumption } from '../shared/assumption.js';
import { Choice } from '../shared/field.js';
import { html } from '../shared/html.js';

/** @type {readonly (readonly [RoutingRule, string])[]} */
const RULES = [
  ['BOT', 'bot'],
  ['CCSP', 'CCSP'],
  ['BOT+CCSP', 'bot + CCSP'],
];

/** @type {readonly (readonly [Dialect, string])[]} */
const DIALECTS = [
  ['documented', 'documented'],
  ['sloppyCasing', 'sloppy casing'],
  ['withoutMessageid', 'no Messageid'],
];

/**
 * How a service routes messages, and how events are written.
 *
 * @param {{ rule: RoutingRule, dialect: Dialect }} props
 */
export function TrafficRules({ rule, dialect }) {
  const { setRule, setDialect } = useActions();
  /** @param {string} value */
  const chooseRule = (value) => {
    const chosen = RULES.find(([name]) => name === value);
    if (chosen !== undefined) void setRule(chosen[0]);
  };
  /** @param {string} value */
  const chooseDialect = (value) => {
    const chosen = DIALECTS.find(([name]) => name === value);
    if (chosen !== undefined) void setDialect(chosen[0]);
  };
  return html`<section class="bar-group inline-fields" aria-label="Service">
    <${Choice} label="Forward to" value=${rule} options=${RULES} onChoose=${chooseRule} />
    <${Choice} label="Dialect" value=${dialect} options=${DIALECTS} onChoose=${chooseDialect} />
    <${Assumption} of="traffic" />
  </section>`;
}
