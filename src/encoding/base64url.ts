const CHUNK = 8192

/**
 * Base64url without padding (RFC 4648 section 5) by what every runtime has built in: a list of a million members per
 * megabyte, as a codec in JavaScript makes, takes ten times as long.
 *
 * `decode` also takes other spellings of the same bytes; whoever wants the one has to encode again and compare.
 */
export const base64urlCodec = /* @__PURE__ */ Object.freeze({
  encode(bytes: Uint8Array): string {
    const text: string[] = []
    for (let at = 0; at < bytes.length; at += CHUNK) text.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)))
    return btoa(text.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  },
  decode(text: string): Uint8Array {
    const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = new Uint8Array(characters.length)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at)
    return bytes
  }
})
