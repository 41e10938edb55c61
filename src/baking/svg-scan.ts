import { BakingError, type Fault } from '../encoding/errors.js'
import { describeActiveElement, describeActiveInstruction, describeActiveStyle } from './svg-scripts.js'
import { malformed, readXml, type XmlElement, type XmlLimits } from './xml.js'

/** The namespace decides what is a credential; the prefix is only customary. */
export const OPEN_BADGES = 'https://purl.imsglobal.org/ob/v3p0'
const OPEN_BADGES_2 = 'http://openbadges.org'
const SVG = 'http://www.w3.org/2000/svg'
const MAX_FAULTS = 50

/** A credential element as it lies in the image; nothing in it is judged yet. */
export interface FoundCredential {
  /** Where the element lies in the text, end tag included. */
  readonly start: number
  readonly end: number
  /** True for a child of the root element. */
  readonly direct: boolean
  readonly verify: string | undefined
  readonly pieces: readonly { readonly text: string; readonly kind: 'text' | 'cdata' }[]
  /** True where it holds an element, a comment or an instruction. */
  readonly mixed: boolean
}

export interface SvgScan {
  readonly root: XmlElement
  /** In document order, those inside another included. */
  readonly credentials: readonly FoundCredential[]
  /** One fault for each thing that runs scripts or leads outside the file, 50 at most; empty where not looked for. */
  readonly scripts: readonly Fault[]
  readonly hasOpenBadges2: boolean
  /** True where an element `credential` of another namespace is there. */
  readonly hasNamesake: boolean
}

interface Draft {
  readonly element: XmlElement
  readonly pieces: { text: string; kind: 'text' | 'cdata' }[]
  mixed: boolean
  end: number
}

/**
 * Reads an SVG image once and says where its credentials lie.
 *
 * @throws BakingError BAKED_NOT_SVG, BAKED_MALFORMED, BAKED_LIMIT
 */
export function scanSvg(text: string, limits: XmlLimits, lookForScripts: boolean): SvgScan {
  const drafts: Draft[] = []
  const path: { element: XmlElement; draft: Draft | undefined; css: string }[] = []
  const scripts: Fault[] = []
  const seen: { root?: XmlElement; hasOpenBadges2: boolean; hasNamesake: boolean } = {
    hasOpenBadges2: false,
    hasNamesake: false
  }

  const report = (what: string | undefined, line: number): void => {
    if (what !== undefined && scripts.length < MAX_FAULTS) scripts.push(scriptFault(what, line))
  }
  const mark = (): void => {
    const draft = path.at(-1)?.draft
    if (draft) draft.mixed = true
  }
  readXml(text, limits, {
    open(element) {
      seen.root ??= asRoot(element)
      mark()
      const isCredential = element.namespace === OPEN_BADGES && element.name === 'credential'
      const draft: Draft | undefined = isCredential ? { element, pieces: [], mixed: false, end: 0 } : undefined
      if (draft) drafts.push(draft)
      else if (element.name === 'credential') seen.hasNamesake = true
      if (element.namespace === OPEN_BADGES_2 && element.name === 'assertion') seen.hasOpenBadges2 = true
      if (lookForScripts) for (const what of describeActiveElement(element)) report(what, element.line)
      path.push({ element, draft, css: '' })
    },
    close(end) {
      const closed = path.pop()
      if (closed?.draft) closed.draft.end = end
      if (lookForScripts && closed?.css) report(describeActiveStyle(closed.css), closed.element.line)
    },
    text(data, kind) {
      const parent = path.at(-1)
      parent?.draft?.pieces.push({ text: data, kind })
      if (parent?.element.name.toLowerCase() === 'style') parent.css += data
    },
    comment: mark,
    instruction(target, line) {
      mark()
      if (lookForScripts) report(describeActiveInstruction(target), line)
    }
  })
  if (seen.root === undefined) throw malformed('The image has no root element', 'the root element svg')
  return { ...seen, root: seen.root, credentials: drafts.map(finish), scripts }
}

function finish({ element, pieces, mixed, end }: Draft): FoundCredential {
  const attribute = element.attributes.find(({ namespace, name }) => namespace === '' && name === 'verify')
  return { start: element.start, end, direct: element.depth === 2, verify: attribute?.value, pieces, mixed }
}

function asRoot(element: XmlElement): XmlElement {
  if (element.namespace === SVG && element.name === 'svg') return element
  throw new BakingError({
    code: 'BAKED_NOT_SVG',
    message: 'The image is not an SVG image',
    path: 'image',
    expected: `the root element svg in the namespace ${SVG}`,
    ...(element.namespace === '' ? { got: 'a root element without a namespace' } : {}),
    hint: `Write <svg xmlns="${SVG}">`
  })
}

function scriptFault(what: string, line: number): Fault {
  return {
    code: 'BAKED_SCRIPTS',
    message: `The image can run scripts or load other files: ${what} (line ${line})`,
    path: 'image',
    hint: "Remove it from the image, or pass scripts: 'keep' and serve the badge only as a download"
  }
}
