/** What an input was read as, in the words of a report. */
export type InputForm =
  | 'an object'
  | 'JSON'
  | 'JSON text'
  | 'JSON bytes'
  | 'a JWT'
  | 'a baked PNG'
  | 'a baked SVG'
  | 'a JWT in a baked PNG'
  | 'a JWT in a baked SVG'
