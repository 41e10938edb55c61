import dns from 'node:dns'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verify } from '../../src/index.js'
import { manyWays } from '../support/many-ways.js'

/** Every door to the network that this process has; each notes who knocks, and stays shut. */
function watchNetwork(): string[] {
  const knocks: string[] = []
  const shut = (name: string) => (): never => {
    knocks.push(name)
    throw new Error(`${name} was called`)
  }
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(shut('net'))
  vi.spyOn(tls, 'connect').mockImplementation(shut('tls'))
  vi.spyOn(dns, 'lookup').mockImplementation(shut('dns') as never)
  vi.spyOn(dns.promises, 'lookup').mockImplementation(shut('dns.promises'))
  vi.stubGlobal('fetch', shut('fetch'))
  vi.stubGlobal('WebSocket', shut('WebSocket'))
  return knocks
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('the network', () => {
  const ways = manyWays()

  it('39: is not touched by any verification, whatever addresses a badge holds', async () => {
    const given = await ways
    const knocks = watchNetwork()
    for (const { name, input, options, accepted } of given) {
      const report = await verify(input, options)
      expect({ name, accepted: report.accepted }).toEqual({ name, accepted })
    }
    expect(knocks).toEqual([])
  })

  it('is watched well: whoever does knock is noted', async () => {
    const knocks = watchNetwork()
    expect(() => net.connect(1)).toThrow('net')
    expect(() => http.get('http://127.0.0.1:1/')).toThrow()
    expect(() => tls.connect(1)).toThrow('tls')
    expect(() => dns.lookup('localhost', () => {})).toThrow('dns')
    expect(() => fetch('https://evil.example/')).toThrow('fetch')
    expect(knocks).toEqual(['net', 'net', 'tls', 'dns', 'fetch'])
  })
})
