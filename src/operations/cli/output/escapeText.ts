/**
 * What a terminal might obey, or what would show a text other than it is: controls, halves of a surrogate pair, line
 * and paragraph separators, marks that turn the direction of writing, and characters that do not show.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** A text that came from outside, such as an id or a reason, on one line of a terminal. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** JSON text that a terminal may show: JSON itself leaves some of these characters as they are. */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => (character === '\n' ? character : escapeUnits(character)));
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return escapeUnits(character);
  }
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index);
    return `\\u${unit.toString(16).padStart(4, '0')}`;
  }).join('');
}
