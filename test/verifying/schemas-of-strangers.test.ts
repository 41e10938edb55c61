import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileCompetency, DefinitionError, verify } from '../../src/index.js'
import { findSchemaErrors } from '../../src/model/json-schema.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
const OFFICIAL = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

const canonical = vi.hoisted(() => ({ calls: 0 }))
vi.mock('../../src/encoding/canonical-json.js', async (original) => {
  const module = await original<typeof import('../../src/encoding/canonical-json.js')>()
  return {
    ...module,
    canonicalJson: (value: unknown) => {
      canonical.calls += 1
      return module.canonicalJson(value)
    }
  }
})

let issuer: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
})
afterEach(() => {
  vi.unstubAllGlobals()
})

async function reportOn(id: string) {
  const asked: string[] = []
  const badge = plainBadge(issuer.did, { credentialSchema: [{ id, type: '1EdTechJsonSchemaValidator2019' }] })
  const signed = await issuer.sign({ ...badge, '@context': [...(badge['@context'] as string[]), EXTENSIONS] })
  const resolver = {
    resolve: async ({ url }: { url: string }) => {
      asked.push(url)
      return { body: '{"pattern":"^(a+)+$"}' }
    }
  }
  const report = await verify(signed, { now: NOW, resolver })
  return { asked, report, code: report.checks.find((one) => one.id === 'credentialSchema')?.code }
}

describe('a schema that a badge names', () => {
  it.each([
    'https://evil.example/schema.json',
    `data:application/schema+json,${encodeURIComponent('{"pattern":"^(a+)+$"}')}`,
    `${OFFICIAL}?x=1`,
    `${OFFICIAL}#/x`,
    OFFICIAL.replace('purl.imsglobal.org', 'purl.imsglobal.org.evil.example'),
    OFFICIAL.replace('https:', 'http:'),
    'urn:uuid:6b6f6d6d-0000-4000-8000-000000000003'
  ])('191: is neither fetched nor compiled, and told of: %s', async (id) => {
    const { asked, report, code } = await reportOn(id)
    expect([asked, code, report.accepted]).toEqual([[], 'CREDENTIAL_SCHEMA_UNKNOWN', true])
    expect(report.warnings.map((warning) => warning.code)).toContain('CREDENTIAL_SCHEMA_UNKNOWN')
  })

  it('191: is known where it is the published one, which is in the package and not fetched either', async () => {
    const { asked, report, code } = await reportOn(OFFICIAL)
    expect([asked, code, report.warnings]).toEqual([[], 'CREDENTIAL_SCHEMA_KNOWN', []])
  })

  it('191: makes nobody run a text as code', async () => {
    const forbidden = vi.fn(() => {
      throw new Error('code from a text')
    })
    vi.stubGlobal('Function', new Proxy(Function, { construct: forbidden, apply: forbidden }))
    vi.stubGlobal('eval', forbidden)
    const { report } = await reportOn('https://evil.example/schema.json')
    expect(report.accepted).toBe(true)
    expect(forbidden).not.toHaveBeenCalled()
  })
})

describe('what costs a reader of schemas dear', () => {
  const keywords = {
    $ref: 'https://evil.example/s',
    $data: '1/name',
    $defs: {},
    $recursiveRef: '#',
    if: {},
    pattern: '(a+)+$'
  }

  it('192: is plain data in a badge, which no context defines', async () => {
    const signed = await issuer.sign(plainBadge(issuer.did))
    for (const [name, value] of Object.entries(keywords)) {
      const report = await verify({ ...signed, [name]: value }, { now: NOW })
      expect([name, report.accepted]).toEqual([name, false])
    }
  })

  it('192: is one more fault in a definition', () => {
    const definition = {
      id: 'https://academy.example/a/1',
      version: '1',
      inLanguage: 'en',
      name: 'A',
      description: 'B'
    }
    const faultsOf = (more: object) => {
      try {
        compileCompetency({ ...definition, criteria: { narrative: 'C' }, ...more })
      } catch (error) {
        if (error instanceof DefinitionError) return error.faults
        throw error
      }
      return []
    }
    expect(faultsOf({})).toEqual([])
    for (const [name, value] of Object.entries(keywords)) {
      expect(faultsOf({ [name]: value }).map(({ path }) => path)).toEqual([`/${name}`])
    }
  })

  it('192: is one fault for a badge of a stranger, however many there are', async () => {
    const endless = Array.from({ length: 900 }, () => ({ type: 'Evidence', name: 7 }))
    const report = await verify({ ...plainBadge(issuer.did), evidence: endless as never }, { now: NOW })
    const schema = report.checks.find(({ id }) => id === 'schema')
    expect(schema?.code).toBe('SCHEMA_INVALID')
    expect(schema?.faults).toHaveLength(1)
    expect(schema?.message.length).toBeLessThan(300)
  })

  it('192: is no comparison of each with each, where items have to be unique', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => ({ index }))
    canonical.calls = 0
    expect(findSchemaErrors({ List: { uniqueItems: true } }, 'List', items, 'all')).toEqual([])
    expect(canonical.calls).toBe(items.length)
    expect(findSchemaErrors({ List: { uniqueItems: true } }, 'List', [...items, items[0]], 'all')).toHaveLength(1)
  })
})
