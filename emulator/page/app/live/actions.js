/** @import { Channel, Dialect, FaultRule, RoutingRule } from '../../../src/world' */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { call } from './api.js';

/**
 * All that can be done in the page. Each function resolves with the server's answer, or with undefined after it has
 * told the user what went wrong.
 *
 * @param {(problem: string) => void} tellProblem
 */
export function createActions(tellProblem) {
  /**
   * @param {string} failure
   * @param {'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   */
  const act = async (failure, method, path, body) => {
    try {
      return await call(method, path, body);
    } catch (error) {
      tellProblem(wordsOf(failure, error));
      return undefined;
    }
  };
  /** @param {string} id */
  const customer = (id) => `/api/customers/${encodeURIComponent(id)}`;
  /** @param {string} id */
  const desk = (id) => `/api/desk/${encodeURIComponent(id)}`;

  return {
    tellProblem,
    ...customerActions(act, customer),
    ...deskActions(act, desk),
    ...platformActions(act),
    ...recordingActions(act),
  };
}

/**
 * @typedef {(failure: string, method: 'POST' | 'DELETE', path: string, body?: object) => Promise<Record<string, unknown> | undefined>} Act
 */

/**
 * @param {Act} act
 * @param {(id: string) => string} path
 */
function customerActions(act, path) {
  return {
    /** @param {string} name @param {Channel} channel */
    addCustomer: (name, channel) =>
      act('The customer was not added', 'POST', '/api/customers', { name, channel }),
    /** @param {string} id @param {string} text */
    customerSays: (id, text) => act('The message was not sent', 'POST', `${path(id)}/say`, { text }),
    /** @param {string} id @param {string} payload */
    customerTaps: (id, payload) => act('The postback was not sent', 'POST', `${path(id)}/tap`, { payload }),
    /** @param {string} id @param {string} mediaUrl @param {string} text */
    customerSends: (id, mediaUrl, text) =>
      act('The media was not sent', 'POST', `${path(id)}/send`, {
        mediaUrl,
        ...(text === '' ? {} : { text }),
      }),
    /** @param {string} id @param {string} receipt */
    customerAcknowledges: (id, receipt) =>
      act('The receipt was not sent', 'POST', `${path(id)}/acknowledge`, { receipt }),
  };
}

/**
 * @param {Act} act
 * @param {(id: string) => string} path
 */
function deskActions(act, path) {
  return {
    /** @param {string} id @param {string} agent */
    pickUp: (id, agent) =>
      act('The conversation was not picked up', 'POST', `${path(id)}/pick-up`, agent === '' ? {} : { agent }),
    /** @param {string} id @param {string} text */
    agentSays: (id, text) => act('The answer was not sent', 'POST', `${path(id)}/say`, { text }),
    /** @param {string} id @param {string} agent */
    transfer: (id, agent) =>
      act('The conversation was not transferred', 'POST', `${path(id)}/transfer`, { agent }),
    /** @param {string} id */
    closeConversation: (id) => act('The conversation was not closed', 'POST', `${path(id)}/close`),
  };
}

/** @param {Act} act */
function platformActions(act) {
  return {
    verify: () => act('The webhook was not verified', 'POST', '/api/integration/verify'),
    /** @param {object} changes */
    editIntegration: (changes) =>
      act('The integration was not changed', 'POST', '/api/integration/edit', changes),
    pauseClock: () => act('The clock was not paused', 'POST', '/api/clock/pause'),
    resumeClock: () => act('The clock was not resumed', 'POST', '/api/clock/resume'),
    /** @param {number} milliseconds */
    jumpClock: (milliseconds) => act('The clock did not jump', 'POST', '/api/clock/jump', { milliseconds }),
    stepClock: () => act('The clock did not step', 'POST', '/api/clock/step'),
    /** @param {Omit<FaultRule, 'id' | 'played'>} rule */
    addFault: (rule) => act('The fault was not added', 'POST', '/api/faults', rule),
    /** @param {string} id */
    removeFault: (id) => act('The fault was not removed', 'DELETE', `/api/faults/${encodeURIComponent(id)}`),
    clearFaults: () => act('The faults were not removed', 'DELETE', '/api/faults'),
    /** @param {RoutingRule} rule */
    setRule: (rule) => act('The rule was not changed', 'POST', '/api/rule', { rule }),
    /** @param {Dialect} dialect */
    setDialect: (dialect) => act('The dialect was not changed', 'POST', '/api/dialect', { dialect }),
    /** @param {string} id */
    resend: (id) => act('It was not sent again', 'POST', `/api/wire/${encodeURIComponent(id)}/resend`),
    clearViolations: () => act('The violations were not cleared', 'DELETE', '/api/violations'),
  };
}

/** @param {Act} act */
function recordingActions(act) {
  return {
    startRecording: () => act('The recording was not started', 'POST', '/api/recording/start'),
    stopRecording: () => act('The recording was not stopped', 'POST', '/api/recording/stop'),
  };
}

/**
 * @param {string} failure
 * @param {unknown} error
 */
function wordsOf(failure, error) {
  return error instanceof Error ? `${failure}. ${error.message}` : `${failure}.`;
}

/** The actions, for every component. */
export const ActionsContext = createContext(createActions(() => undefined));

export function useActions() {
  return useContext(ActionsContext);
}
