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
      'test/status/{bitstring,encoded-lists,inflate}.test.ts'
    ]
  },
  securing: {
    mutate: ['src/securing/**/*.ts'],
    tests: [
      'test/securing/**/*.test.ts',
      'test/verifying/{proof,jwt,suites}*.test.ts',
      'test/issuing/{jwt,suites}.test.ts'
    ]
  },
  verifying: {
    mutate: ['src/verifying/*.ts', '!src/verifying/*status*.ts', '!src/verifying/revocation-list.ts'],
    tests: ['test/verifying/**/*.test.ts']
  }
}
