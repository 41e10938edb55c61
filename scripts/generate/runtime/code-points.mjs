/** The length of a text as JSON Schema counts it. */
export default function codePoints(text) {
  let length = 0
  for (const _ of text) length += 1
  return length
}
