/**
 * RDFC-1.0 sorts by code point; JavaScript compares UTF-16 units, and so does the library underneath. The two orders
 * differ only where a text beyond the Basic Multilingual Plane meets one with U+E000–U+FFFF.
 *
 * Moving the surrogates above U+E000–U+FFFF makes both orders the same: the library sorts the moved texts, and every
 * digest and the result are taken from the texts moved back.
 */
export function moveSurrogatesUp(text: string): string {
  return text.replace(/[\uD800-\uFFFF]/g, (unit) => shift(unit, unit.charCodeAt(0) < 0xe000 ? 0x2000 : -0x800))
}

/** The inverse of {@link moveSurrogatesUp}. */
export function moveSurrogatesBack(text: string): string {
  return text.replace(/[\uD800-\uFFFF]/g, (unit) => shift(unit, unit.charCodeAt(0) < 0xf800 ? 0x800 : -0x2000))
}

export type TextOrder = 'codePoint' | 'utf16'

/** Sorts texts in the order of the standard, or by UTF-16 unit. */
export function sortTexts(texts: readonly string[], order: TextOrder): readonly string[] {
  return order === 'utf16' ? [...texts].sort() : texts.map(moveSurrogatesUp).sort().map(moveSurrogatesBack)
}

/** True where the two orders can differ for some pair of texts in `sample`. */
export function orderCanDiffer(sample: string): boolean {
  return /[\uD800-\uDFFF]/.test(sample) && /[\uE000-\uFFFF]/.test(sample)
}

function shift(unit: string, distance: number): string {
  return String.fromCharCode(unit.charCodeAt(0) + distance)
}
