import process from 'node:process'
import fc from 'fast-check'
import { corpusIssuer } from '../corpus/issuers.js'
import { nearlyJson } from '../support/grammars.js'
import { NOW } from '../support/issuer.js'
import { mutated, mutations } from '../support/mutate.js'
import { plainBadge } from '../support/sign.js'

// node child.mjs RUNS SEED: verifies that many inputs with the prototype of all objects frozen, and prints which members
// of which global prototype are others than before.

const [runs = '1000', seed = '1'] = process.argv.slice(2)
const { verify } = await import('../../src/verify.js')
const issuer = await corpusIssuer('fuzz')
const badge = JSON.parse(await issuer.embed(plainBadge(issuer.id)))

const POISON = [
  '"toString":"x",',
  '"hasOwnProperty":true,',
  '"__proto__":{"admin":true},',
  '"constructor":{"prototype":{"admin":true}},',
  '"prototype":{"admin":true},'
]
const poisoned = fc.tuple(fc.constantFrom(...POISON), fc.nat(), mutations).map(([member, at, changes]) => {
  const text = JSON.stringify(mutated(badge, changes) ?? badge)
  const places = [...text.matchAll(/\{(?=")/g)].map(({ index }) => index + 1)
  const place = places[at % places.length] ?? 1
  return text.slice(0, place) + member + text.slice(place)
})
const inputs = fc.oneof(poisoned, poisoned.map(parsed), nearlyJson)

const sample = fc.sample(inputs, { numRuns: Number(runs), seed: Number(seed) })
const before = snapshot()
Object.freeze(Object.prototype)
let accepted = 0
let failedInside = 0
for (const input of sample) {
  const report = await verify(input as never, { now: NOW })
  if (report.accepted) accepted += 1
  if (report.checks.some(({ code }) => code === 'INTERNAL_ERROR')) failedInside += 1
}
const after = snapshot()
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (name) => !Object.is(before.get(name), after.get(name))
)
const control = (await verify(badge, { now: NOW })).accepted
console.log(
  JSON.stringify({
    control,
    changed,
    accepted,
    failedInside,
    admin: ({} as { readonly admin?: unknown }).admin ?? null
  })
)

/** A place inside a text makes no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Every member of every global prototype, by name. */
function snapshot(): Map<string, unknown> {
  const members = new Map<string, unknown>()
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const { value: global } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {}
    if (typeof global !== 'function') continue
    for (const [place, object] of [
      [name, global],
      [`${name}.prototype`, global.prototype]
    ] as const) {
      if (object === undefined || object === null) continue
      for (const key of Reflect.ownKeys(object)) {
        const found = Object.getOwnPropertyDescriptor(object, key)
        members.set(`${place}.${String(key)}`, found?.get ?? found?.value)
      }
    }
  }
  return members
}
