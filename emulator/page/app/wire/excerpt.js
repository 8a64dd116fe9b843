const LONGEST = 200;

/** The fields that tell most, in the order in which one is looked for; in any casing, for dialects differ. */
const TELLING_FIELDS = ['message', 'postbackpayload', 'media', 'deliverystatus', 'customparam1'];

/**
 * What a body says, for one line of the wire: the words, the tapped payload, the media, the receipt or the context of
 * a handover.
 *
 * @param {string} body
 * @returns {string | undefined} undefined when it says nothing, as *Verify* does.
 */
export function excerptOf(body) {
  const fields = textFieldsOf(body);
  const name = TELLING_FIELDS.find((field) => (fields.get(field) ?? '') !== '');
  const text = name === undefined ? '' : (fields.get(name) ?? '').replace(/\s+/g, ' ').trim();
  if (text === '') return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/**
 * @param {string} body
 * @returns {ReadonlyMap<string, string>} by their names in lower case
 */
function textFieldsOf(body) {
  /** @type {Map<string, string>} */
  const fields = new Map();
  for (const [name, value] of Object.entries(parsed(body))) {
    if (typeof value === 'string') fields.set(name.toLowerCase(), value);
  }
  return fields;
}

/** @param {string} body @returns {object} */
function parsed(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
