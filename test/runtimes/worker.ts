// @ts-expect-error the runner puts the cases beside the bundle
import cases from './cases.json'
import { refuseHelp } from './environment.js'
import { run } from './run.js'

/** For `workerd test`: each row is a line of the console. */
export default {
  async test(): Promise<void> {
    refuseHelp()
    await refuseModule('node:fs')
    for (const row of await run(cases)) console.log(`row ${JSON.stringify(row)}`)
  }
}

async function refuseModule(name: string): Promise<void> {
  const found = await import(name).then(
    () => true,
    () => false
  )
  if (found) throw new Error(`this runtime offers ${name}`)
}
