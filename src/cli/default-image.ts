import { deflateSync } from 'node:zlib'
import { joinPngChunks, writePngChunk } from '../baking/png-chunks.js'

const SIZE = 400
const MIDDLE = 200

type Colour = readonly [red: number, green: number, blue: number]

const INK: Colour = [9, 38, 50]
const TEAL: Colour = [22, 92, 104]
const RING: Colour = [233, 196, 132]
const AMBER: Colour = [255, 209, 122]
const CORAL: Colour = [240, 118, 72]

/**
 * Draws the badge that is used where the caller brings no image: a disc in ink and teal with a thin ring, and a large
 * warm comma in the middle. 400 × 400 pixels, RGBA, transparent outside the disc. The picture is always the same; its compressed bytes depend on the zlib of the runtime.
 */
export function drawDefaultBadge(): Uint8Array {
  const rows = new Uint8Array(SIZE * (1 + SIZE * 4))
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) rows.set(drawPixel(x + 0.5, y + 0.5), y * (1 + SIZE * 4) + 1 + x * 4)
  }
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, SIZE)
  view.setUint32(4, SIZE)
  header.set([8, 6], 8)
  return joinPngChunks([
    writePngChunk('IHDR', header),
    writePngChunk('IDAT', new Uint8Array(deflateSync(rows, { level: 9 }))),
    writePngChunk('IEND', new Uint8Array())
  ])
}

/** Every shape is a signed distance to its edge (negative inside), so one pixel of distance is one soft edge. */
function drawPixel(x: number, y: number): number[] {
  const radius = Math.hypot(x - MIDDLE, y - MIDDLE)
  const disc = blend(TEAL, INK, Math.hypot(x - 150, y - 110) / 270)
  const ringed = blend(disc, RING, cover(Math.abs(radius - 170.5) - 2.5))
  const comma = blend(AMBER, CORAL, (y - 105) / 180)
  const colour = blend(ringed, comma, cover(distanceToComma(x, y)))
  return [...colour.map(Math.round), Math.round(255 * cover(radius - 196))]
}

/** A round head; the tail lies between two arcs that touch the head's right side and meet in a point. */
function distanceToComma(x: number, y: number): number {
  const head = Math.hypot(x - 200, y - 162) - 58
  const outer = Math.hypot(x - 138, y - 162) - 120
  const inner = Math.hypot(x - 72, y - 155) - 140
  return Math.min(head, Math.max(outer, -inner, 162 - y))
}

function cover(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance))
}

function blend(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share))
  const mix = (channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * part
  return [mix(0), mix(1), mix(2)]
}
