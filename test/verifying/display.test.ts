import { describe, expect, it } from 'vitest'
import { displayImage, displayLink } from '../../src/model/display-image.js'
import { displayText } from '../../src/model/display-text.js'
import { displayBadge, verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { editable, plainBadge, testSigner } from '../support/sign.js'

describe('a text that is shown', () => {
  it.each<[string, string, string[]]>([
    ['194: one word in Latin and Cyrillic letters', 'Оxford Academy', ['MIXED_SCRIPTS']],
    ['194: one word in Latin and Greek letters', 'Αcademy', ['MIXED_SCRIPTS']],
    ['194: two scripts with a joiner between them', 'О\u200Dxford Academy', ['MIXED_SCRIPTS']],
    ['194: words of different scripts', 'Академия Academy', []],
    ['15: a direction that is turned', 'Academy \u202Egnp.exe', ['DIRECTION_OVERRIDE']],
    ['15: an isolated direction', 'Academy \u2066x', ['DIRECTION_OVERRIDE']],
    ['15: a mark of Arabic', 'Academy \u061Cx', ['DIRECTION_OVERRIDE']],
    ['15: a space without width', 'Acad\u200Bemy', ['CONTROL_CHARACTERS']],
    ['15: a soft hyphen', 'Acad\u00ADemy', ['CONTROL_CHARACTERS']],
    ['15: a joiner, which pictures and scripts need', '\u{1F469}\u200D\u{1F393} می\u200Cخواهم', []],
    ['15: a control character', 'Acad\u0008emy', ['CONTROL_CHARACTERS']],
    ['15: lines and tabs', 'one\ntwo\tthree', []],
    ['14: a letter and its accent apart', 'Caf\u0065\u0301', ['NOT_NORMALIZED']],
    ['14: a letter with its accent', 'Caf\u00E9', []],
    ['196: markup', '<img src=x onerror=alert(1)> **bold**', []]
  ])('%s', (_, text, findings) => {
    expect(displayText(text)).toEqual({ text, findings })
  })
})

describe('an address that is shown', () => {
  it.each([
    ['195: https', 'https://academy.example/badge.png', true],
    ['195: a PNG in the address', 'data:image/png;base64,iVBORw0KGgo=', true],
    ['195: an SVG in the address', 'data:image/svg+xml;base64,PHN2Zz4=', false],
    ['195: an SVG on the web', 'https://academy.example/badge.SVG', false]
  ])('%s is a picture', (_, url, isPassive) => {
    expect(displayImage(url)).toMatchObject({ isPassive })
  })

  it.each([
    ['195: a script', 'javascript:alert(1)'],
    ['195: a page in the address', 'data:text/html,<script>alert(1)</script>'],
    ['195: plain http', 'http://academy.example/'],
    ['195: a name and password', 'https://academy.example:x@evil.example/'],
    ['195: white space', ' https://academy.example/'],
    ['195: a backslash', 'https://academy.example\\@evil.example/'],
    ['195: no address', 'https://'],
    ['195: a PNG that is none', 'data:image/png;base64,<script>']
  ])('%s is not', (_, url) => {
    expect(displayLink(url)).toBeUndefined()
    expect(displayImage(url)).toBeUndefined()
  })
})

describe('a badge that is shown', () => {
  it('194: keeps what is proved of its issuer apart from what he claims', async () => {
    const issuer = await testSigner('issuer')
    const badge = editable(plainBadge(issuer.did))
    badge.issuer = { ...badge.issuer, name: 'Оxford', url: 'javascript:alert(1)' }
    const shown = displayBadge(await verify((await issuer.sign(badge)) as never, { now: NOW }))
    expect(shown?.issuer).toMatchObject({
      id: issuer.did,
      name: { text: 'Оxford', findings: ['MIXED_SCRIPTS'] },
      url: undefined
    })
    expect(shown).toMatchObject({
      name: { text: 'Badge' },
      criteria: { text: 'Exam' },
      validFrom: '2024-01-01T00:00:00Z'
    })
  })

  it('15: with odd characters verifies, and they are told', async () => {
    const issuer = await testSigner('issuer')
    const report = await verify((await issuer.sign(plainBadge(issuer.did, { name: 'Bad\u202Ege' }))) as never, {
      now: NOW
    })
    expect(report.accepted).toBe(true)
    expect(displayBadge(report)?.name?.findings).toEqual(['DIRECTION_OVERRIDE'])
  })

  it('70: shows nothing where the signature does not hold', async () => {
    const issuer = await testSigner('issuer')
    const forged = { ...(await issuer.sign(plainBadge(issuer.did))), name: 'Doctorate' }
    expect(displayBadge(await verify(forged as never, { now: NOW }))).toBeUndefined()
  })
})
