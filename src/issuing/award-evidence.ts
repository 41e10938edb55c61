import type { RequiredEvidence } from '../competency/compile.js'
import { objects, type Placed, textMember } from '../competency/shape.js'
import { type Fault, InputError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { decodeMultibase } from '../encoding/multibase.js'
import { missing, wrong } from './award-faults.js'

/** First two bytes of a multihash and the length of the digest that follows. */
const MULTIHASHES: readonly (readonly [code: number, length: number])[] = [
  [0x12, 32],
  [0x20, 48],
  [0x13, 64]
]

/** Evidence of each genre that the definition asks for is there, bound where it has to be, and none counts twice. */
export function evidenceFaults(award: JsonObject, rules: readonly RequiredEvidence[]): Fault[] {
  const evidence = objects(award.evidence, '/evidence')
  return [
    ...evidence.flatMap(formFaults),
    ...duplicateFaults(evidence, 'id'),
    ...duplicateFaults(evidence, 'digestMultibase'),
    ...rules.flatMap((rule) => ruleFaults(evidence, rule))
  ]
}

function ruleFaults(evidence: readonly Placed<JsonObject>[], { genre, min, digest }: RequiredEvidence): Fault[] {
  const found = evidence.filter(({ value }) => value.genre === genre)
  const faults: Fault[] = []
  if (found.length < min) {
    faults.push(
      missing(`evidence of the genre ${genre} is missing`, '/evidence', {
        expected: `${min} or more`,
        got: `${found.length}`
      })
    )
  }
  if (digest === 'optional') return faults
  for (const { path, value } of found) {
    if (value.digestMultibase !== undefined) continue
    faults.push(
      missing('evidence of this genre has to be bound by a digest', `${path}/digestMultibase`, {
        expected: 'the multihash of its bytes, as multibase'
      })
    )
  }
  return faults
}

function formFaults({ path, value }: Placed<JsonObject>): Fault[] {
  const faults: Fault[] = []
  if (textMember(value, 'id')?.toLowerCase().startsWith('data:')) {
    faults.push(
      wrong('evidence is identified by its own content', `${path}/id`, {
        expected: 'a link or a urn:',
        got: 'a data: URI',
        hint: 'Keep the bytes elsewhere, and bind them with digestMultibase'
      })
    )
  }
  const digest = textMember(value, 'digestMultibase')
  if (digest !== undefined && !isMultihash(digest)) {
    faults.push(
      wrong('the digest is not a multihash in multibase', `${path}/digestMultibase`, {
        expected: 'a SHA-256, SHA-384 or SHA-512 multihash that starts with u or z'
      })
    )
  }
  return faults
}

function duplicateFaults(evidence: readonly Placed<JsonObject>[], member: 'id' | 'digestMultibase'): Fault[] {
  const seen = new Set<string>()
  return evidence.flatMap(({ path, value }) => {
    const text = textMember(value, member)
    if (text === undefined) return []
    if (seen.has(text)) return [wrong('the same evidence is given twice', `${path}/${member}`)]
    seen.add(text)
    return []
  })
}

function isMultihash(text: string): boolean {
  try {
    const bytes = decodeMultibase(text, { maxLength: 200 })
    return MULTIHASHES.some(([code, length]) => bytes[0] === code && bytes[1] === length && bytes.length === length + 2)
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}
