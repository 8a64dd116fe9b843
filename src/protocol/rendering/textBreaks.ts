/** A place where a text may be split without cutting a word. */
export interface TextBreak {
  /** Where the part before it ends, as an index into the text. */
  readonly end: number;
  /** Where the part after it begins: behind the whitespace, which is dropped. */
  readonly next: number;
}

interface RankedBreak extends TextBreak {
  readonly rank: number;
}

const RANK = { whitespace: 0, sentence: 1, line: 2, paragraph: 3 };

// Chinese and Japanese end a sentence without whitespace; a closing bracket or a combining mark still belongs to it.
const BREAK = /\s+|(?<=[。！？][」』）”]?)(?![。！？」』）”\p{M}\u200d])/gu;
const SENTENCE_END = /[.!?…。！？؟।][)\]"'”’»」』）]?$/;

/** The places where a text may be split, to be asked for from its start to its end. */
export class TextBreaks {
  private readonly breaks: readonly RankedBreak[];
  private cursor = 0;

  /**
   * @param text - the text to split, without whitespace at either end
   */
  constructor(text: string) {
    this.breaks = Array.from(text.matchAll(BREAK), (match) => rankedBreak(text, match.index, match[0]));
  }

  /**
   * Finds the best place to end a part: the last paragraph end, else the last line end, else the last sentence
   * end, else the last whitespace.
   *
   * @param start - where the part begins; never less than in an earlier call
   * @param limit - where the part must have ended
   * @returns the break, or undefined when there is none between the two
   */
  best(start: number, limit: number): TextBreak | undefined {
    while (this.endAt(this.cursor) <= start) this.cursor += 1;

    let best: RankedBreak | undefined;
    for (let index = this.cursor; this.endAt(index) <= limit; index += 1) {
      const candidate = this.breaks[index];
      if (candidate && candidate.rank >= (best?.rank ?? RANK.whitespace)) best = candidate;
    }
    return best;
  }

  private endAt(index: number): number {
    return this.breaks[index]?.end ?? Number.POSITIVE_INFINITY;
  }
}

function rankedBreak(text: string, end: number, whitespace: string): RankedBreak {
  return { end, next: end + whitespace.length, rank: rankOf(text, end, whitespace) };
}

function rankOf(text: string, end: number, whitespace: string): number {
  const lineEnds = whitespace.split('\n').length - 1;
  if (lineEnds > 1) return RANK.paragraph;
  if (lineEnds === 1) return RANK.line;
  return SENTENCE_END.test(text.slice(Math.max(0, end - 2), end)) ? RANK.sentence : RANK.whitespace;
}
