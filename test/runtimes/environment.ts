/** Fails where the runtime has what Node adds to the web's standards, or makes code from text. */
export function refuseHelp(): void {
  const additions = ['process', 'Buffer', 'require', '__dirname', 'setImmediate'].filter((name) => name in globalThis)
  if (additions.length > 0) throw new Error(`this runtime offers ${additions.join(', ')}`)
  try {
    new Function('return 1')
  } catch {
    return
  }
  throw new Error('this runtime makes code from text')
}
