import type { ChatMessage } from '../world';

/** Of a line without white space around it: more of it would be tried over and over. */
const NUMBERED_CHOICE = /^(\d+)[.)]\s+(\S.*)$/;

/** The choices that the latest message offers. The wire has no buttons for what a bot says: they come as numbered lines. */
export function suggestionsIn(latest: ChatMessage | undefined): readonly string[] {
  if (latest?.author !== 'bot') return [];
  const choices = latest.text.split('\n').flatMap((line) => {
    const [, number, label] = NUMBERED_CHOICE.exec(line.trim()) ?? [];
    return label === undefined ? [] : [{ number: Number(number), label }];
  });
  const isList = choices.every(({ number }, index) => number === index + 1);
  return isList ? choices.map(({ label }) => label) : [];
}
