import { describe, expect, it } from 'vitest'
import { CHECK_CODES } from '../../src/model/check-codes.js'
import { WARNING_CODES } from '../../src/model/warning-codes.js'
import { danish } from '../../src/model/words/da.js'
import { swedish } from '../../src/model/words/sv.js'
import { inWords, verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, testSigner } from '../support/sign.js'

const placesOf = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
const english = {
  checks: Object.fromEntries(Object.entries(CHECK_CODES).map(([code, { message }]) => [code, message])),
  warnings: WARNING_CODES as Readonly<Record<string, string>>
}

describe.each([danish, swedish])('the words of reports in $language', (words) => {
  it('say every code, with the same facts as the English ones, and no other code', () => {
    for (const kind of ['checks', 'warnings'] as const) {
      expect(Object.keys(words[kind]).sort()).toEqual(Object.keys(english[kind]).sort())
      for (const [code, sentence] of Object.entries(words[kind])) {
        expect(placesOf(sentence), code).toEqual(placesOf(english[kind][code] ?? ''))
        expect(sentence, code).toMatch(/^[\p{Lu}{].*\.$|^validUntil /su)
        expect(sentence, code).not.toBe(english[kind][code])
      }
    }
  })

  it('tell a whole report, and leave its codes as they are', async () => {
    const issuer = await testSigner('issuer')
    const badge = await issuer.sign(plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' }))
    const report = await verify(badge as never, { now: NOW })
    const told = inWords(report, words)
    expect(told.checks.map(({ code }) => code)).toEqual(report.checks.map(({ code }) => code))
    expect(told.checks.find(({ code }) => code === 'EXPIRED')?.message).toContain('2025-01-01T00:00:00Z')
    expect(told.checks[0]?.message).toContain(words.forms['an object'])
    expect(told.checks.every(({ message }, index) => message !== report.checks[index]?.message)).toBe(true)
  })

  it('tell of an input that cannot be read, whose code is that of an error', async () => {
    const told = inWords(await verify('{'), words)
    expect(told.checks[0]).toMatchObject({ code: 'JSON_SYNTAX', outcome: 'fail' })
    expect(told.checks[0]?.message).toContain(words.checks.INPUT_UNREADABLE.split(':')[0])
  })
})
