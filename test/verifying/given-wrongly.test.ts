import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { danish } from '../../src/model/words/da.js'
import { inWords, verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, testSigner } from '../support/sign.js'

let badge: JsonObject
beforeAll(async () => {
  const issuer = await testSigner('issuer')
  badge = await issuer.sign(plainBadge(issuer.did))
})

describe('a badge', () => {
  it('may be handed in as a buffer, as fetch gives it', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(badge))
    const report = await verify(bytes.buffer as ArrayBuffer, { now: NOW })
    expect(report.accepted).toBe(true)
    expect(report.checks[0]?.message).toMatch(/JSON bytes/)
  })

  it.each<[string, () => unknown, string]>([
    ['a promise', () => Promise.resolve(badge), 'Await it'],
    ['a blob', () => new Blob([JSON.stringify(badge)]), 'await its arrayBuffer()'],
    ['a file', () => new File([JSON.stringify(badge)], 'badge.json'), 'await its arrayBuffer()'],
    ['a response', () => new Response(JSON.stringify(badge)), 'await its arrayBuffer()']
  ])('that is %s is refused, with what to do', async (_, make, advice) => {
    const [input] = (await verify(make() as never, { now: NOW })).checks
    expect(input).toMatchObject({ outcome: 'fail', code: 'JSON_VALUE_TYPE' })
    expect(input?.message).toContain(advice)
  })
})

describe('a report', () => {
  it.each([[undefined], ['da'], [null], [{}], [{ checks: {} }]])('is not told in words that are %j', async (words) => {
    const report = await verify('{}', { now: NOW })
    expect(() => inWords(report, words as never)).toThrow(
      expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID', path: 'words' })
    )
  })

  it.each([[undefined], [null], [Promise.resolve()], ['report'], [{ checks: [] }]])(
    'is what is told: not %j',
    (report) => {
      expect(() => inWords(report as never, danish)).toThrow(
        expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID', path: 'report' })
      )
    }
  )
})
