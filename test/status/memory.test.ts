import { createMemoryStatusStore } from '../../src/status/memory.js'
import { describeStatusStore } from './contract.js'

describeStatusStore('memory', async (options) => createMemoryStatusStore(options))
