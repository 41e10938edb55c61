import { writeFileSync } from 'node:fs'
import type { Case } from './case.js'
import { badgeCases } from './cases/badges.js'
import { corpusCases } from './cases/corpus.js'
import { hostileCases } from './cases/hostile.js'
import { imageCases } from './cases/images.js'
import { presentationCases } from './cases/presentations.js'
import { readVectors } from './cases/vectors.js'

// node make-cases.mjs FILE SHARED_FOLDER: writes the cases, and prints how many vectors are missing.
const [file = 'cases.json', shared = '../shared'] = process.argv.slice(2)
const vectors = readVectors(shared)
const cases: readonly Case[] = [
  ...(await badgeCases()),
  ...(await hostileCases()),
  ...(await imageCases()),
  ...(await presentationCases()),
  ...corpusCases(),
  { kind: 'selfTest', name: 'self test', expected: 'accepted' },
  ...vectors.cases
]
const names = cases.map(({ name }) => name)
const twice = names.filter((name, index) => names.indexOf(name) !== index)
if (twice.length > 0) throw new Error(`names of cases are not unique: ${twice.join(', ')}`)
writeFileSync(file, JSON.stringify(cases))
console.log(vectors.leftOut)
