import { chromium, firefox, insecureChromium, webkit } from './browsers.mjs'
import { bun, deno, node, nodeWithoutWebCrypto } from './programs.mjs'
import { workerd } from './workerd.mjs'

/** Every runtime that has to agree. The first is the one that the others are compared with. */
export const RUNTIMES = [
  node(20),
  node(22),
  node(24),
  node(26),
  nodeWithoutWebCrypto(20),
  deno('2.9.6'),
  bun('1.4.5'),
  workerd('1.20261117.1'),
  chromium(),
  insecureChromium(),
  firefox(),
  webkit()
]
