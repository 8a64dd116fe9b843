import htm from 'htm';
import { Component, h } from 'preact';

/** Writes Preact elements in the browser's own template strings: there is no build step. */
export const html = htm.bind(h);

/**
 * A component that renders again only when one of its props is another one.
 *
 * @template {object} P
 * @param {(props: P) => unknown} render
 */
export function memo(render) {
  return class extends Component {
    /**
     * @override
     * @param {Record<string, unknown>} next
     */
    shouldComponentUpdate(next) {
      return differ(this.props, next);
    }

    /** @override */
    render() {
      return html`<${render} ...${this.props} />`;
    }
  };
}

/**
 * @param {Record<string, unknown>} one
 * @param {Record<string, unknown>} other
 */
function differ(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].some((name) => one[name] !== other[name]);
}
