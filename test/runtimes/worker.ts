// @ts-expect-error the runner puts the cases beside the bundle
import cases from './cases.json'
import { refuseHelp } from './environment.js'
import { run } from './run.js'

/** For `workerd test`: each row is a line of the console. */
export default {
  async test(): Promise<void> {
    refuseHelp()
    for (const row of await run(cases)) console.log(`row ${JSON.stringify(row)}`)
  }
}
