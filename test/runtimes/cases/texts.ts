import type { JsonObject } from '../../../src/encoding/json-types.js'

const SMILE = '\u{1f600}'
const REPLACEMENT = '\ufffd'

/** Contents of an achievement on which runtimes could differ: order of text, numbers, white space, size. */
export const TEXTS: Readonly<Record<string, JsonObject>> = {
  'text outside the basic plane': {
    name: `\u{1d49c}lgebra ${SMILE}`,
    description: '\u{20000} \u{10ffff} \uffee',
    tag: [SMILE, REPLACEMENT, '\uff5e', 'z', '\u00e9', 'e\u0301']
  },
  'addresses outside the basic plane': {
    alignment: [SMILE, REPLACEMENT, 'z'].map((letter) => ({
      type: ['Alignment'],
      targetName: letter,
      targetUrl: `https://example.org/${letter}`
    }))
  },
  'white space and controls': { description: 'a\tb\nc\r\nd\u00a0e\u2028f\u2029g\u007fh\ufeffi' },
  'right to left': { name: '\u0627\u0644\u062c\u0628\u0631 \u202eab\u202c', inLanguage: 'ar' },
  'quotes and backslashes': { description: '"\\" \\u0041 </script> \'' },
  'a fraction': { creditsAvailable: 0.1 },
  'a small fraction': { creditsAvailable: 0.000001 },
  'a large number': { creditsAvailable: 123456789012 },
  'nothing left blank': { tag: ['', ' '], humanCode: '0' },
  'achievements that look alike': {
    alignment: Array.from({ length: 6 }, () => ({
      type: ['Alignment'],
      targetName: 'same',
      targetUrl: 'https://example.org/same'
    }))
  },
  'a long text': { description: 'Åæø '.repeat(20_000) }
}
