/** What is changed, and the tests that have to notice. */
export const CHAPTERS = {
  status: {
    mutate: [
      'src/status/bitstring.ts',
      'src/status/gzip.ts',
      'src/status/inflate.ts',
      'src/verifying/*status*.ts',
      'src/verifying/revocation-list.ts'
    ],
    tests: [
      'test/verifying/*status*.test.ts',
      'test/verifying/revocation-list.test.ts',
      'test/status/bitstring.test.ts',
      'test/status/encoded-lists.test.ts',
      'test/status/inflate.test.ts'
    ]
  },
  securing: {
    mutate: ['src/securing/**/*.ts'],
    tests: [
      'test/securing/**/*.test.ts',
      'test/verifying/proof*.test.ts',
      'test/verifying/jwt*.test.ts',
      'test/verifying/suites*.test.ts',
      'test/verifying/presentation.test.ts',
      'test/interop/text-order.test.ts',
      'test/interop/disclosure.test.ts',
      'test/issuing/jwt.test.ts',
      'test/issuing/suites.test.ts'
    ]
  },
  verifying: {
    mutate: ['src/verifying/*.ts', '!src/verifying/*status*.ts', '!src/verifying/revocation-list.ts'],
    // Without what is slow and serves the other chapters.
    tests: [
      'test/verifying/**/*.test.ts',
      '!test/verifying/*status*.test.ts',
      '!test/verifying/revocation-list.test.ts',
      '!test/verifying/suites.test.ts',
      '!test/verifying/mutation.test.ts',
      'test/model/words.test.ts'
    ]
  }
}
