/** Orders texts by their code points, as the databases do: JavaScript's own order is that of halves of characters. */
export function compareCodePoints(one: string, other: string): number {
  for (let index = 0; index < one.length && index < other.length; ) {
    const left = one.codePointAt(index) ?? 0;
    const right = other.codePointAt(index) ?? 0;
    if (left !== right) return left - right;
    index += left > 0xffff ? 2 : 1;
  }
  return one.length - other.length;
}
