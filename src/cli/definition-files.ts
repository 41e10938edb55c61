import { type Competency, compileCompetency } from '../competency/compile.js'
import { parseJson } from '../encoding/json.js'
import { type CheckAwardOptions, type CheckedAward, checkAward } from '../issuing/award.js'
import type { Award } from '../model/competency-types.js'
import { inFile } from './failure.js'
import { readAtMost } from './files.js'

/** The longest JSON text that is read, in bytes. */
export const MAX_JSON = 1_048_576

/** Reads and compiles a competency definition. Faults carry the name of the file. */
export async function readDefinition(path: string, language: string | undefined): Promise<Competency> {
  const bytes = await readAtMost(path, MAX_JSON)
  return inFile(path, () => compileCompetency(bytes, language === undefined ? {} : { language }))
}

/** Reads an award and checks it against its definition. Faults carry the name of the file. */
export async function readAward(
  path: string,
  competency: Competency,
  options: CheckAwardOptions
): Promise<{ readonly award: Award; readonly checked: CheckedAward }> {
  const bytes = await readAtMost(path, MAX_JSON)
  return inFile(path, () => {
    const checked = checkAward(competency, bytes, options)
    // What is issued is what was written; the issuer checks it again and fills in the dates itself.
    return { award: parseJson(bytes) as unknown as Award, checked }
  })
}
