/** What a text holds that can make it look like another. */
export type TextFinding = 'CONTROL_CHARACTERS' | 'DIRECTION_OVERRIDE' | 'MIXED_SCRIPTS' | 'NOT_NORMALIZED'

/** A text of a badge, and what to know before it is shown. */
export interface DisplayText {
  /** As it was signed. Not escaped: markdown and HTML in it are text. */
  readonly text: string
  readonly findings: readonly TextFinding[]
}

/** Control characters, and marks without width; joiners are not among them, because scripts and pictures need them. */
const CONTROL = /[^\P{Cc}\t\n\r]|[\u00AD\u200B\u2060-\u2064\uFEFF]/u
const DIRECTION = /\p{Bidi_Control}/u
/** Scripts whose letters look like those of another one of the list. */
const CONFUSABLE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u]
const WORD = /[\p{L}\p{M}\p{N}\p{Join_Control}]+/gu

/**
 * Looks at a text for what deceives the eye: control characters and others that take no room, marks that turn the direction of writing, one word in
 * letters of several scripts, and letters that are not in their composed form, of which another spelling looks the same.
 *
 * Does NOT find a name that is simply like another one, such as "MlT" for "MIT".
 *
 * @see Unicode Technical Report 36 section 2; Unicode Standard Annex 15
 */
export function displayText(text: string): DisplayText {
  const findings: TextFinding[] = []
  if (CONTROL.test(text)) findings.push('CONTROL_CHARACTERS')
  if (DIRECTION.test(text)) findings.push('DIRECTION_OVERRIDE')
  if ([...text.matchAll(WORD)].some(([word]) => isMixed(word))) findings.push('MIXED_SCRIPTS')
  if (text.normalize('NFC') !== text) findings.push('NOT_NORMALIZED')
  return { text, findings }
}

function isMixed(word: string): boolean {
  return CONFUSABLE.filter((script) => script.test(word)).length > 1
}
